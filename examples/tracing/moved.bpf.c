/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Compiled once, for kernels on which fields lie elsewhere or have another type: a task's pid, and a socket's least round-trip time, which
 * was an array of samples before it became a struct that has one. A configuration value chooses a branch, of which the other is never
 * verified, although it needs what no modelled kernel has.
 */
#include "tracing.h"

struct task_struct {
	int pid;
} RELOCATED;

struct minmax_sample {
	u32 t;
	u32 v;
} RELOCATED;

struct minmax {
	struct minmax_sample s[3];
} RELOCATED;

struct tcp_sock {
	struct minmax rtt_min;
} RELOCATED;

struct tcp_sock___array {
	struct minmax_sample rtt_min[3];
} RELOCATED;

struct net___none {
	u32 inum;
} RELOCATED;

extern _Bool CONFIG_NET_NS __attribute__((section(".kconfig"), weak));
extern int LINUX_KERNEL_VERSION __attribute__((section(".kconfig")));

u32 pid;
u32 rtt;
u32 net;
u32 version;

SECTION("kprobe/__set_task_comm") int task(struct pt_regs *registers)
{
	struct task_struct *task = (struct task_struct *)ARGUMENT_1(registers);

	READ(pid, task->pid);
	version = LINUX_KERNEL_VERSION;
	if (CONFIG_NET_NS) {
		struct net___none *none = (struct net___none *)task;

		READ(net, none->inum);
	}
	return 0;
}

SECTION("kprobe/tcp_set_state") int round_trip(struct pt_regs *registers)
{
	struct tcp_sock *sock = (struct tcp_sock *)ARGUMENT_1(registers);
	struct tcp_sock___array *old = (struct tcp_sock___array *)sock;

	if (FIELD_EXISTS(sock->rtt_min.s))
		READ(rtt, sock->rtt_min.s[0].v);
	else
		READ(rtt, old->rtt_min[0].v);
	return 0;
}

LICENCE("GPL");
