/*
 * fake.h - fake vendor libraries that deliver what a script says. They know no rings and no loops. A fake is found by its handle, as a unit is.
 */
#ifndef SCOPELOG_LOOPTEST_FAKE_H
#define SCOPELOG_LOOPTEST_FAKE_H

#include <stdint.h>

#define FAKE_HANDLES 16384
#define FAKE_INPUTS 16
#define FAKE_QUEUE 8
#define FAKE_AUTO 0xffffffffu /* start: where the delivery before ended */
#define FAKE_POISON 0xa5

/* Sample i of buffer set `input`. */
uint16_t fake_signal(uint32_t input, uint64_t i);
void fake_write(void *to, uint32_t bytes, uint32_t input, uint64_t first, uint64_t count);

/* One poll of a library that calls back. */
struct fake_step {
    uint32_t status;
    int32_t samples;      /* not 0 or call: the callback is called */
    uint32_t start;       /* FAKE_AUTO or what is told */
    int16_t overflow;
    int16_t auto_stop;
    uint8_t call;         /* call back also without samples */
    uint8_t lie;          /* tell of samples without writing any */
    uint8_t twice;        /* call back twice */
    uint8_t triggered;
    uint32_t trigger_at;
    uint32_t sleep_us;    /* before it answers */
};

/* One poll of a library with lent buffers. */
struct fake_lent_step {
    uint32_t status;               /* not 0: answered instead of OK or WAITING, and nothing is delivered */
    int32_t samples[FAKE_INPUTS];  /* what each input gets, as far as its buffers go */
    int16_t overflow[FAKE_INPUTS];
    int16_t auto_stop;
    int16_t triggered;
    uint64_t trigger_at;
    uint8_t refuse;                /* buffers given after this poll are refused: BUSY */
    uint8_t tamper;                /* the info of tamper_input is replaced by the next three */
    uint32_t tamper_input;
    int32_t tamper_samples;
    uint64_t tamper_buffer;
    int32_t tamper_start;
    uint32_t sleep_us;
};

struct fake_buffer {
    uint8_t *max, *min;
    int32_t length;
};

struct fake_input {
    uint8_t *buffer;      /* overview */
    uint32_t bytes;
    uint32_t signal;
    /* lent: */
    uint32_t channel, mode;
    struct fake_buffer queue[FAKE_QUEUE]; /* queue[0] is filled */
    uint32_t queued;
    int32_t at;           /* samples in queue[0] */
    uint64_t index;       /* of queue[0] */
    uint64_t done;        /* samples written */
    uint32_t adds;
};

struct fake {
    const struct fake_step *steps;
    const struct fake_lent_step *lent_steps;
    uint64_t count;       /* of steps; afterwards every poll answers after_status */
    uint64_t rounds;      /* how often the script is played, 0: once */
    uint32_t after_status;
    int16_t after_auto_stop;
    uint32_t length;      /* overview */
    uint32_t pace_ns;     /* overview, without a script: a sample comes every so often, all 0 */
    uint64_t begun_ns;
    uint32_t inputs;
    struct fake_input input[FAKE_INPUTS];
    uint32_t pos;
    uint64_t done;        /* overview: samples written to each input */
    uint64_t polls;       /* a */
    uint64_t at_end;      /* a: polls after the script */
    uint64_t misuse;      /* a: number of broken rules */
    uint64_t waited;      /* a: answers WAITING */
    uint32_t inside;      /* a */
    uint64_t trigger_first, trigger_end; /* lent: samples of the first input in the last poll that told of a trigger */
    uint8_t refusing;
    uint8_t cleared;
    char complaint[128];  /* the first broken rule */
};

void fake_install(int16_t handle, struct fake *f);

typedef void (*fake_ready_fn)(int16_t, int32_t, uint32_t, int16_t, uint32_t, int16_t, int16_t, void *);
uint32_t fake_overview_latest(int16_t handle, fake_ready_fn ready, void *parameter);

uint32_t fake_lent_latest(int16_t handle, void *infos, uint64_t n, void *trigger);
uint32_t fake_lent_buffer(int16_t handle, uint32_t channel, void *buffer, int32_t samples, uint32_t type, uint64_t waveform,
                          uint32_t mode, uint32_t action);
uint32_t fake_lent_buffers(int16_t handle, uint32_t channel, void *max, void *min, int32_t samples, uint32_t type,
                           uint64_t waveform, uint32_t mode, uint32_t action);

/* Within the fakes. */
struct fake *fake_enter(int16_t handle);
void fake_leave(struct fake *f);
void fake_complain(struct fake *f, const char *text);
void fake_sleep(uint32_t us);

#endif
