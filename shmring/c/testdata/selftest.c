/* Self test of shmring.h: all in one process. Exit status 0 means that everything holds. */
#include "testring.h"

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
