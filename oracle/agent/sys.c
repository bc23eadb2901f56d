/* SPDX-License-Identifier: Apache-2.0
 *
 * Entry, raw system calls, and the two functions that a compiler may call by itself.
 */
#include "agent.h"
#include <asm/unistd.h>

void agent_main(void) __attribute__((noreturn));

/* The kernel enters with the stack aligned to 16 bytes (System V ABI, AMD64 supplement, section 3.4.1). */
__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	and $-16, %rsp\n"
	"	call agent_main\n");

s64 sys_call(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
	register u64 r10 __asm__("r10") = d;
	register u64 r8 __asm__("r8") = e;
	register u64 r9 __asm__("r9") = f;
	s64 result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

void say(const char *text)
{
	u64 n = 0;

	while (text[n])
		n++;
	sys_call(__NR_write, 1, (u64)text, n, 0, 0, 0);
}

/* The end of init is a panic, which the host sees. */
void die(const char *why)
{
	say("bpfz agent: ");
	say(why);
	say("\n");
	for (;;)
		sys_call(__NR_exit_group, 1, 0, 0, 0, 0, 0);
}

void *memcpy(void *to, const void *from, u64 n)
{
	void *start = to;

	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
	return start;
}

void *memset(void *to, int value, u64 n)
{
	void *start = to;

	__asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(value) : "memory");
	return start;
}
