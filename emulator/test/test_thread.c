/* Threads of the emulation take no signal of the program around them, and none is left when a unit is closed. */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>

#include "harness.h"
#include "thread.h"

static int threads(void)
{
	int n = 0;
	DIR *d = opendir("/proc/self/task");
	for (struct dirent *e; d && (e = readdir(d));)
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

/* Signals that are neither ignored nor left alone; sanitizers have some. */
static int handlers(void)
{
	struct sigaction a;
	int n = 0;
	for (int s = 1; s < SIGRTMIN; s++)
		n += sigaction(s, NULL, &a) == 0 && a.sa_handler != SIG_DFL && a.sa_handler != SIG_IGN;
	return n;
}

static void *look(void *into)
{
	pthread_sigmask(SIG_SETMASK, NULL, into);
	return NULL;
}

static void masks(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGCHLD, SIGURG, SIGPROF, SIGUSR1, SIGPIPE, SIGALRM};
	sigset_t before, after, inside;
	pthread_t t;
	test_case("signals are blocked in the thread, and not in the one that starts it");
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	sigemptyset(&inside);
	CHECK_EQ(emu_thread_start(&t, look, &inside), 0);
	pthread_join(t, NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		CHECK_EQ(sigismember(&inside, signals[i]), 1);
		CHECK_EQ(sigismember(&after, signals[i]), sigismember(&before, signals[i]));
	}
	test_case("");
}

/* A capture that waits for a trigger which never comes has a thread until the unit is closed. */
static void left_over(void)
{
	const emu_family *f = test_family("ps5000a");
	test_case("threads end with the unit");
	int handled = handlers(), before = threads();
	int16_t handle = test_open(f, "EMU1", 0);
	emu_unit *u = test_enter(f, handle);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 20000, EMU_RISING, 0, 0), EMU_OK);
	CHECK_EQ(emu_block_run(u, 0, 100, 100, NULL, 0, NULL, NULL), EMU_OK);
	CHECK_EQ(threads(), before + 1);
	test_leave(u);
	test_close(f, handle);
	CHECK_EQ(threads(), before);
	test_case("and it has installed no handler");
	CHECK_EQ(handlers(), handled);
	test_case("");
}

int main(void)
{
	test_rig("[unit EMU1]\nmodel = 5444DMSO\n");
	masks();
	left_over();
	return test_done();
}
