/* Prints where the compiler put every field: "header.magic 0 8" is struct.field, offset, size. */
#include "../../shmring.h"

#include <stdio.h>

#define SIZE_header sizeof(shmring_header)
#define SIZE_lane sizeof(shmring_lane)
#define SIZE_desc sizeof(shmring_desc)
#define PRINT(s, f, off, size) \
    printf("%s.%s %zu %zu\n", #s, #f, offsetof(shmring_##s, f), sizeof(((shmring_##s *)0)->f));

int main(void)
{
    SHMRING_FIELDS(PRINT)
    printf("header.sizeof 0 %zu\nlane.sizeof 0 %zu\ndesc.sizeof 0 %zu\n", SIZE_header, SIZE_lane, SIZE_desc);
    return 0;
}
