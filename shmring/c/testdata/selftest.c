/*
 * Self test of shmring.h: all in one process. Exit status 0 means that everything holds. It is one
 * translation unit, since the header is most of what there is to compile.
 */
#include "testring.h"

#include "selftest_attach.c"
#include "selftest_batch.c"
#include "selftest_capture.c"
#include "selftest_loss.c"
#include "selftest_threads.c"

int main(void)
{
    test_attaching();
    test_batches();
    test_losses();
    test_captures();
    test_threads();
    puts("ok");
    return 0;
}
