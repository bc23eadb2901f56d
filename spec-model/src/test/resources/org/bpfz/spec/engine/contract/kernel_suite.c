/*
 * Writes the cases of the kernel's lib/test_bpf.c to standard output. The two .inc files and the headers beside this are cut from the
 * kernel's source when the test runs; here is what they need of the kernel.
 *
 * For each case of the extended instruction set: u32 length of the name, the name, u32 flags, u32 slots, the slots, 128 bytes of data,
 * three pairs of i32 data size and u32 result.
 */
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <limits.h>
#include <errno.h>
#include <arpa/inet.h>
#include <linux/types.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/if_ether.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

/* The C library defines both byte orders as numbers, the kernel only the one that is. */
#undef __BIG_ENDIAN

#define S16_MAX INT16_MAX
#define S32_MAX INT32_MAX
#define S32_MIN INT32_MIN
#define S64_MAX INT64_MAX
#define U32_MAX UINT32_MAX
#define U64_MAX UINT64_MAX
#define BIT(n) (1u << (n))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define GFP_KERNEL 0
#define BUG_ON(x) do { if (x) abort(); } while (0)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define cpu_to_le16(x) (x)
#define cpu_to_le32(x) (x)
#define cpu_to_le64(x) (x)
#define cpu_to_be16(x) __builtin_bswap16(x)
#define cpu_to_be32(x) __builtin_bswap32(x)
#define cpu_to_be64(x) __builtin_bswap64(x)

static void *kmalloc_array(size_t n, size_t size, int flags)
{
	return calloc(n, size);
}

static void kfree(const void *p)
{
	free((void *) p);
}

static u64 div64_u64(u64 a, u64 b)
{
	return a / b;
}

static u64 div64_u64_rem(u64 a, u64 b, u64 *remainder)
{
	*remainder = a % b;
	return a / b;
}

/* Any numbers do: expected results are computed from the same ones. */
struct rnd_state {
	u64 state;
};

static void prandom_seed_state(struct rnd_state *random, u64 seed)
{
	random->state = seed | 1;
}

static u32 prandom_u32_state(struct rnd_state *random)
{
	random->state = random->state * 6364136223846793005ull + 1;
	return random->state >> 32;
}

#include "instructions.inc"
#include "cases.inc"

static void put(const void *bytes, size_t size)
{
	if (fwrite(bytes, 1, size, stdout) != size)
		exit(1);
}

static void put_u32(u32 value)
{
	put(&value, sizeof(value));
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		struct bpf_test *test = &tests[i];
		const struct bpf_insn *code = test->u.insns_int;
		u32 slots = MAX_INSNS;

		if (!(test->aux & INTERNAL))
			continue;
		if (test->fill_helper) {
			if (test->fill_helper(test) < 0)
				return 1;
			code = test->u.ptr.insns;
			slots = test->u.ptr.len;
		} else {
			while (slots > 0 && code[slots - 1].code == 0 && code[slots - 1].imm == 0)
				slots--;
		}
		put_u32(strlen(test->descr));
		put(test->descr, strlen(test->descr));
		put_u32(test->aux);
		put_u32(slots);
		put(code, slots * sizeof(*code));
		put(test->data, sizeof(test->data));
		for (int k = 0; k < MAX_SUBTESTS; k++) {
			put_u32(test->test[k].data_size);
			put_u32(test->test[k].result);
		}
		if (test->fill_helper)
			free(test->u.ptr.insns);
	}
	return 0;
}
