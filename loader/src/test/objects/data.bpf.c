/* Global variables in every kind of section, referred to by their sections and by their names. */
#include "bpfz.h"

const volatile int limit = 7;
const volatile long far_limit = 9;
int table[4] = { 1, 2, 3, 4 };
static volatile int kept = 5;
int zero[6];
static volatile long also_zero;
int custom SECTION(".data.custom") = 11;
const volatile int custom_constant SECTION(".rodata.custom") = 12;
static volatile int quiet SECTION(".data.quiet") = 13;
__attribute__((visibility("hidden"))) int concealed = 6;

SECTION("socket") int sum(void *ctx)
{
	zero[4]++;
	also_zero++;
	kept++;
	return limit + far_limit + table[2] + kept + zero[5] + also_zero + custom + custom_constant + quiet + concealed;
}

LICENCE("Dual BSD/GPL");
