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

/* Memory of the tasks' mailboxes, shared with all of them. */
#define TASKS_BASE 0x40000000UL

/* Flags of a call that is posted to a task. */
#define CALL_UNTIMED 1U	 /* it has no place in the order of entries and exits */
#define CALL_CLONES 2U	 /* clone(2): arguments are the flags and the slot of the new task */
#define CALL_TOGETHER 4U /* it begins when the others with this flag do */
#define CALL_COPIES 8U	 /* no call: copies memory (to, from, length), unless the last argument is an error */

/* Said first; the host refuses another version. */
#define PROTOCOL_MAGIC 0x7a667062U /* "bpfz" */
#define PROTOCOL_VERSION 2U

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
	/* u8 slot; answers s64 pid: a process with nothing open but what the agent has open */
	OP_FORK = 7,
	/* u8 slot, u8 flags, u8 earlier, u16 number, u64 arguments[6]: posts a call to a task */
	OP_POST = 8,
	/* u8 together: all tasks do what has been posted; so many of them begin at once */
	OP_START = 9,
	/* u8 slot; answers u32 length and so many bytes: result, enter, exit and signals of each call that has been done since, as 64 bits
	 * each, and of one in which the task sleeps, with all bits of the signals set */
	OP_COLLECT = 10,
	/* u8 slot; answers u32 length and three times 64 bits: whether the task is gone, enter and exit of its last call */
	OP_GONE = 11,
	/* answers s64: ends all tasks, and says how many are left */
	OP_END = 12,
	/* answers s64: one more place in the order of entries and exits */
	OP_TICK = 13,
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

/* tasks.c */
void tasks_open(void);
s64 tasks_fork(u64 slot);
void tasks_post(u64 slot, u32 number, u32 flags, u32 earlier, const u64 *arguments);
void tasks_start(u32 together);
u32 tasks_collect(u64 slot, u8 *out, u32 room);
void tasks_gone(u64 slot, u64 *answer);
s64 tasks_end(void);
u64 tasks_tick(void);

#endif
