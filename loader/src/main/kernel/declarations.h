/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What both modelled kernels declare alike. Written for the model: names, types and order of the fields that programs ask for are those of
 * Linux; what lies between them is left out, so that offsets differ from a real kernel's, as they do from one real kernel to the next.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned int dev_t;
typedef u64 sector_t;
typedef unsigned long size_t;
typedef int pid_t;
typedef _Bool bool;

/* arch/x86/include/asm/ptrace.h */
struct pt_regs {
	unsigned long r15;
	unsigned long r14;
	unsigned long r13;
	unsigned long r12;
	unsigned long bp;
	unsigned long bx;
	unsigned long r11;
	unsigned long r10;
	unsigned long r9;
	unsigned long r8;
	unsigned long ax;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;
	unsigned long ip;
	unsigned long cs;
	unsigned long flags;
	unsigned long sp;
	unsigned long ss;
};

struct minmax_sample {
	u32 t;
	u32 v;
};

#define KEEP(type, name) type keep_##name
