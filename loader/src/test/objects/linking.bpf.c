/* Functions in .text, static and global ones, called by several programs, by each other and as callbacks. */
#include "bpfz.h"

int counter;

static __attribute__((noinline)) int twice(int x)
{
	counter += x;
	return x * 2;
}

__attribute__((noinline)) int twice_plus_one(int x)
{
	return twice(x) + 1;
}

__attribute__((noinline, visibility("hidden"))) int hidden(int x)
{
	return twice_plus_one(x) + twice(x + 1);
}

static long step(u32 index, void *data)
{
	counter += twice(index);
	return 0;
}

SECTION("socket") int first(void *ctx)
{
	return hidden(3);
}

SECTION("socket") int second(void *ctx)
{
	bpf_loop(4, step, 0, 0);
	return twice_plus_one(5);
}

SECTION("raw_tp/sys_enter") int third(void *ctx)
{
	return 0;
}

SECTION("?xdp") int not_loaded(void *ctx)
{
	return 2;
}

LICENCE("GPL");
