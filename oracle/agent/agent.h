/* SPDX-License-Identifier: Apache-2.0
 *
 * The agent: the only program in the guest, its /init. It knows nothing of BPF or of scenarios: it does system calls that
 * the host asks for, in memory that the host has laid out, and sends back what came of them. No library is linked, so that the only
 * system calls in the guest are those of the host's making.
 */
#ifndef BPFZ_AGENT_H
#define BPFZ_AGENT_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long s64;

/* Memory at a fixed address, so that the host can write pointers into the structures that it sends. */
#define ARENA_BASE 0x20000000UL
#define ARENA_SIZE 0x10000000UL

/* Said first; the host refuses another version. */
#define PROTOCOL_MAGIC 0x7a667062U /* "bpfz" */
#define PROTOCOL_VERSION 1U

/* Operations of a request, each an opcode byte and its operands, little-endian and not aligned. */
enum operation {
	/* u64 address, u32 length, bytes */
	OP_POKE = 1,
	/* u64 address, u32 length; answers the bytes */
	OP_PEEK = 2,
	/* u64 address, u32 limit; answers u32 length and the bytes up to a zero byte */
	OP_PEEK_STRING = 3,
	/* u16 number, u8 mask, u64 arguments[6], u64 keep, u8 bytes; answers s64 result. An argument whose bit is set in the mask is
	 * the address of a 64-bit value. The result is also stored at keep, in so many bytes, unless that is 0. */
	OP_CALL = 4,
	/* u64 address, u32 length, u8 value */
	OP_FILL = 5,
	/* u64 from, u64 to, u32 length */
	OP_COPY = 6,
};

/* sys.c */
s64 sys_call(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f);
void say(const char *text); /* on the console */
void die(const char *why) __attribute__((noreturn));
void *memcpy(void *to, const void *from, u64 n);
void *memset(void *to, int value, u64 n);

/* port.c */
void port_open(void);
/* The next request; its length is stored. Valid until the next call. */
const u8 *port_receive(u32 *length);
void port_send(const u8 *data, u32 length);

/* machine.c */
/* Does the operations and returns how many bytes of answers there are in out. */
u32 machine_run(const u8 *request, u32 length, u8 *out, u32 room);

#endif
