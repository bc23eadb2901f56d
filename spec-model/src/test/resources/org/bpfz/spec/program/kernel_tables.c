/*
 * The kernel's own tables, for comparing with: what stands behind an @ is cut from the Linux source when the test runs (KernelCuts says
 * how), and the rest stands in for what the cut code leans on. Compiled into a shared library and called by KernelTables.
 */
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <errno.h>
#include <fcntl.h>
#include <asm/ptrace.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/capability.h>
#include "@root/include/uapi/linux/bpf.h"
#include <linux/bpf_perf_event.h>

@configs

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
#define U16_MAX 0xffff
#define U32_MAX 0xffffffffU
#define S32_MIN INT32_MIN
#define S32_MAX INT32_MAX
#define BITS_PER_LONG 64
#define BIT(n) (1UL << (n))
#define ENOTSUPP 524
#define NF_DROP 0
#define NF_ACCEPT 1
#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define offsetofend(type, member) (offsetof(type, member) + sizeof_field(type, member))
#define BUILD_BUG_ON(condition)
#define BTF_TYPE_EMIT(type)
#define IS_ENABLED(config) 1
#define IS_MODULE(config) 0
#define fallthrough __attribute__((fallthrough))
#define round_up(x, y) ((((x) - 1) | ((y) - 1)) + 1)
#define PFN_ALIGN(x) round_up((unsigned long)(x), 4096)
#define KMALLOC_MAX_SIZE (1UL << 22)
#define NUMA_NO_NODE (-1)
#define min_t(type, x, y) ((type)(x) < (type)(y) ? (type)(x) : (type)(y))
#define BPF_PTR_POISON ((void *)0xeB9FUL)
#define BTF_MAX_TYPE 0x000fffff
#define __bpf_call_base ((void *)0)
#define verbose(env, ...) ((void)(env))
#define LOCKDOWN_BPF_READ_KERNEL 0
#define LOCKDOWN_BPF_WRITE_USER 0
#define security_locked_down(what) 0

struct sk_buff { u16 protocol; };
struct btf;
struct bpf_verifier_log;
struct bpf_type { bool type; };
struct bpf_prog_aux {
	void *token;
	u32 attach_btf_id;
	const struct bpf_type *attach_func_proto;
	enum bpf_prog_type saved_dst_prog_type;
	void *dst_prog;
};
struct bpf_prog {
	enum bpf_prog_type type;
	enum bpf_attach_type expected_attach_type;
	bool sleepable;
	bool tstamp_type_access;
	bool enforce_expected_attach_type;
	struct bpf_prog_aux *aux;
};

/* The program that is asked about. */
static u64 capabilities;
static const char *target;
static struct bpf_type int_proto = { true };
static struct bpf_prog_aux aux = { .attach_func_proto = &int_proto };
static struct bpf_prog prog = { .aux = &aux };

static bool capable(int cap)
{
	return capabilities >> cap & 1;
}

static bool bpf_token_capable(void *token, int cap)
{
	return capable(cap) || capable(CAP_SYS_ADMIN);
}

struct btf_id_set { int count; const char *names[256]; };

static bool set_contains(const struct btf_id_set *set)
{
	for (int i = 0; i < set->count; i++)
		if (strcmp(set->names[i], target) == 0
		    || (strncmp(set->names[i], "bpf_lsm_", 8) == 0 && strcmp(set->names[i] + 8, target) == 0))
			return true;
	return false;
}
#define btf_id_set_contains(set, id) set_contains(set)

@define include/linux/bpf.h BPF_BASE_TYPE_BITS
@define include/linux/bpf.h BPF_BASE_TYPE_LIMIT
@define include/linux/bpf.h BPF_TYPE_LIMIT
@enum include/linux/bpf.h bpf_type_flag
@enum include/linux/bpf.h bpf_arg_type
@enum include/linux/bpf.h bpf_return_type
@enum include/linux/bpf.h bpf_access_type
@enum include/linux/bpf.h bpf_reg_type
@struct include/linux/bpf.h bpf_func_proto
@struct include/linux/bpf.h bpf_insn_access_aux
@function include/linux/bpf.h bpf_ctx_record_field_size
@function include/linux/bpf_verifier.h resolve_prog_type
@function include/linux/bpf_verifier.h bpf_prog_check_recur
@function kernel/bpf/trampoline.c bpf_prog_has_trampoline
@define include/linux/bpf.h MAX_BPF_FUNC_ARGS

/* Which structures the BTF ids of prototypes stand for. */
@define include/linux/btf_ids.h BTF_SOCK_TYPE_xxx
@define include/linux/btf_ids.h BTF_TRACING_TYPE_xxx
#define BTF_SOCK_TYPE(name, struct_name) name,
#define BTF_TRACING_TYPE(name, struct_name) name,
enum { BTF_SOCK_TYPE_xxx MAX_BTF_SOCK_TYPE };
enum { BTF_TRACING_TYPE_xxx MAX_BTF_TRACING_TYPE };
#undef BTF_SOCK_TYPE
#undef BTF_TRACING_TYPE
static u32 btf_sock_ids[MAX_BTF_SOCK_TYPE];
static u32 btf_tracing_ids[MAX_BTF_TRACING_TYPE];
static u32 tcp_sock_id;
@ids kernel/bpf/bpf_inode_storage.c bpf_inode_storage_btf_ids
@ids kernel/bpf/bpf_lsm.c bpf_bprm_opts_set_btf_ids
@ids kernel/bpf/bpf_lsm.c bpf_ima_inode_hash_btf_ids
@ids kernel/bpf/bpf_lsm.c bpf_ima_file_hash_btf_ids
@ids kernel/bpf/cgroup_iter.c bpf_cgroup_btf_id
@ids kernel/trace/bpf_trace.c bpf_task_pt_regs_ids
@ids kernel/trace/bpf_trace.c btf_seq_file_ids
@ids kernel/trace/bpf_trace.c bpf_d_path_btf_ids
@ids net/core/filter.c bpf_sock_from_file_btf_ids
@ids net/core/filter.c bpf_skb_output_btf_ids
@ids net/core/filter.c bpf_xdp_output_btf_ids
@ids net/core/filter.c bpf_xdp_get_buff_len_bpf_ids

static const struct { const u32 *id; const char *name; } structures[] = {
#define BTF_SOCK_TYPE(name, struct_name) { &btf_sock_ids[name], #struct_name },
#define BTF_TRACING_TYPE(name, struct_name) { &btf_tracing_ids[name], #struct_name },
	BTF_SOCK_TYPE_xxx
	BTF_TRACING_TYPE_xxx
	{ &tcp_sock_id, "tcp_sock" },
	@idnames
};

struct btf_type { u32 name_off; };
static const struct btf_type any_type;
#define bpf_get_btf_vmlinux() NULL
#define IS_ERR_OR_NULL(pointer) false
#define btf_type_by_id(btf, id) (&any_type)
#define btf_name_by_offset(btf, offset) target
@set kernel/bpf/bpf_lsm.c sleepable_lsm_hooks
@set kernel/trace/bpf_trace.c btf_allowlist_d_path
@function kernel/bpf/bpf_lsm.c bpf_lsm_is_sleepable_hook
@function net/core/bpf_sk_storage.c bpf_sk_storage_tracing_allowed
@function kernel/trace/bpf_trace.c bpf_d_path_allowed
@function kernel/bpf/bpf_lsm.c bpf_ima_inode_hash_allowed

@prototypes drivers/media/rc/bpf-lirc.c
@prototypes kernel/bpf/bpf_cgrp_storage.c
@prototypes kernel/bpf/bpf_inode_storage.c
@prototypes kernel/bpf/bpf_iter.c
@prototypes kernel/bpf/bpf_lsm.c
@prototypes kernel/bpf/bpf_task_storage.c
@prototypes kernel/bpf/btf.c
@prototypes kernel/bpf/cgroup.c
@prototypes kernel/bpf/core.c
@prototypes kernel/bpf/helpers.c
@prototypes kernel/bpf/ringbuf.c
@prototypes kernel/bpf/stackmap.c
@prototypes kernel/bpf/syscall.c
@prototypes kernel/bpf/task_iter.c
@prototypes kernel/trace/bpf_trace.c
@prototypes net/core/bpf_sk_storage.c
@prototypes net/core/filter.c
@prototypes net/core/sock_map.c
@prototypes net/ipv4/bpf_tcp_ca.c

static const struct { const char *name; const struct bpf_func_proto *proto; } prototypes[] = {
	@prototypenames
};

/* Who grants which helper. */
#define pr_warn_ratelimited(...)
#define schedule_work(work)
#define __percpu
#define metadata_dst_alloc_percpu(...) NULL
#define metadata_dst_free_percpu(dst)
#define cmpxchg(...) 0
static struct metadata_dst *md_dst = (void *)1;
@function kernel/trace/bpf_trace.c bpf_get_probe_write_proto
@function kernel/trace/bpf_trace.c bpf_get_trace_printk_proto
@function kernel/trace/bpf_trace.c bpf_get_trace_vprintk_proto
@function kernel/bpf/helpers.c bpf_base_func_proto
@function net/core/filter.c bpf_get_skb_set_tunnel_proto
@function net/core/filter.c bpf_sk_base_func_proto
@function kernel/bpf/cgroup.c cgroup_common_func_proto
@function kernel/bpf/cgroup.c cgroup_current_func_proto
@function kernel/bpf/cgroup.c cgroup_dev_func_proto
@function kernel/bpf/cgroup.c sysctl_func_proto
@function kernel/bpf/cgroup.c cg_sockopt_func_proto
@function net/core/filter.c sk_filter_func_proto
@function net/core/filter.c cg_skb_func_proto
@function net/core/filter.c tc_cls_act_func_proto
@function net/core/filter.c xdp_func_proto
@function net/core/filter.c sock_filter_func_proto
@function net/core/filter.c sock_addr_func_proto
@function net/core/filter.c sock_ops_func_proto
@function net/core/filter.c sk_msg_func_proto
@function net/core/filter.c sk_skb_func_proto
@function net/core/filter.c flow_dissector_func_proto
@function net/core/filter.c lwt_out_func_proto
@function net/core/filter.c lwt_in_func_proto
@function net/core/filter.c lwt_xmit_func_proto
@function net/core/filter.c lwt_seg6local_func_proto
@function net/core/filter.c sk_reuseport_func_proto
@function net/core/filter.c sk_lookup_func_proto
@function drivers/media/rc/bpf-lirc.c lirc_mode2_func_proto
@function net/netfilter/nf_bpf_link.c bpf_nf_func_proto
@function net/ipv4/tcp_ipv4.c bpf_iter_tcp_get_func_proto
@function net/unix/af_unix.c bpf_iter_unix_get_func_proto

static const struct bpf_func_proto *bpf_iter_get_func_proto(enum bpf_func_id func_id, const struct bpf_prog *prog)
{
	if (strcmp(target, "tcp") == 0)
		return bpf_iter_tcp_get_func_proto(func_id, prog);
	if (strcmp(target, "unix") == 0)
		return bpf_iter_unix_get_func_proto(func_id, prog);
	return NULL;
}

@function kernel/trace/bpf_trace.c is_kprobe_multi
@function kernel/trace/bpf_trace.c bpf_tracing_func_proto
@function kernel/trace/bpf_trace.c kprobe_prog_func_proto
@function kernel/trace/bpf_trace.c tp_prog_func_proto
@function kernel/trace/bpf_trace.c pe_prog_func_proto
@function kernel/trace/bpf_trace.c raw_tp_prog_func_proto
@function kernel/trace/bpf_trace.c tracing_prog_func_proto
@function kernel/bpf/syscall.c syscall_prog_func_proto
@set kernel/bpf/bpf_lsm.c bpf_lsm_locked_sockopt_hooks
@set kernel/bpf/bpf_lsm.c bpf_lsm_unlocked_sockopt_hooks
@function kernel/bpf/bpf_lsm.c bpf_lsm_func_proto

struct tcp_congestion_ops { char init; char release; };
static size_t prog_ops_moff(const struct bpf_prog *prog)
{
	return strcmp(target, "tcp_congestion_ops.release") == 0 ? offsetof(struct tcp_congestion_ops, release) : 0;
}
@function net/ipv4/bpf_tcp_ca.c bpf_tcp_ca_get_func_proto
@function kernel/sched/ext.c bpf_scx_get_func_proto

/* Who may read and write what of its context. */
@define include/linux/filter.h bpf_ctx_range
@define include/linux/filter.h bpf_ctx_range_till
@define include/linux/filter.h bpf_ctx_range_ptr
@define include/linux/filter.h bpf_ctx_wide_access_ok
@define include/linux/trace_events.h PERF_MAX_TRACE_SIZE
@function include/linux/filter.h bpf_ctx_narrow_access_ok
@function include/linux/bpf.h bpf_tracing_ctx_access
#define bpf_prog_is_offloaded(aux) false
static bool btf_ctx_access(int off, int size, enum bpf_access_type type, const struct bpf_prog *prog,
			   struct bpf_insn_access_aux *info)
{
	info->reg_type = PTR_TO_BTF_ID;
	return true;
}
@function include/linux/bpf.h bpf_tracing_btf_ctx_access
@function net/core/filter.c bpf_skb_is_valid_access
@function net/core/filter.c sk_filter_is_valid_access
@function net/core/filter.c cg_skb_is_valid_access
@function net/core/filter.c lwt_is_valid_access
@function net/core/filter.c __sock_filter_check_attach_type
@function net/core/filter.c bpf_sock_is_valid_access
@function net/core/filter.c sock_filter_is_valid_access
@function net/core/filter.c tc_cls_act_is_valid_access
@function net/core/filter.c __is_valid_xdp_access
@function net/core/filter.c xdp_is_valid_access
@function net/core/filter.c sock_addr_is_valid_access
@function net/core/filter.c sock_ops_is_valid_access
@function net/core/filter.c sk_skb_is_valid_access
@function net/core/filter.c sk_msg_is_valid_access
@function net/core/filter.c flow_dissector_is_valid_access
@function net/core/filter.c sk_reuseport_is_valid_access
@function net/core/filter.c sk_lookup_is_valid_access
@function kernel/bpf/cgroup.c cgroup_dev_is_valid_access
@function kernel/bpf/cgroup.c sysctl_is_valid_access
@function kernel/bpf/cgroup.c cg_sockopt_is_valid_access
@function drivers/media/rc/bpf-lirc.c lirc_mode2_is_valid_access
@function kernel/trace/bpf_trace.c kprobe_prog_is_valid_access
@function kernel/trace/bpf_trace.c tp_prog_is_valid_access
@function kernel/trace/bpf_trace.c pe_prog_is_valid_access
@function kernel/trace/bpf_trace.c raw_tp_prog_is_valid_access
@function kernel/trace/bpf_trace.c tracing_prog_is_valid_access
@function kernel/trace/bpf_trace.c raw_tp_writable_prog_is_valid_access
@function kernel/bpf/syscall.c syscall_prog_is_valid_access
@struct include/net/netfilter/nf_bpf_link.h bpf_nf_ctx
static bool nf_ptr_to_btf_id(struct bpf_insn_access_aux *info, const char *name)
{
	info->reg_type = PTR_TO_BTF_ID | PTR_TRUSTED;
	return true;
}
@function net/netfilter/nf_bpf_link.c nf_is_valid_access

struct bpf_verifier_ops {
	const struct bpf_func_proto *(*get_func_proto)(enum bpf_func_id func_id, const struct bpf_prog *prog);
	bool (*is_valid_access)(int off, int size, enum bpf_access_type type, const struct bpf_prog *prog,
				struct bpf_insn_access_aux *info);
};
@operations kernel/trace/bpf_trace.c
@operations kernel/bpf/bpf_lsm.c
@operations kernel/bpf/syscall.c
@operations kernel/bpf/cgroup.c
@operations kernel/bpf/trampoline.c
@operations kernel/bpf/bpf_struct_ops.c
@operations net/netfilter/nf_bpf_link.c
@operations net/core/filter.c
@operations drivers/media/rc/bpf-lirc.c

static const struct bpf_verifier_ops *const operations[] = {
#define BPF_PROG_TYPE(type, name, program_context, kernel_context) [type] = &name##_verifier_ops,
#define BPF_MAP_TYPE(type, name)
#define BPF_LINK_TYPE(type, name)
#include "@root/include/linux/bpf_types.h"
#undef BPF_PROG_TYPE
#undef BPF_MAP_TYPE
#undef BPF_LINK_TYPE
};

/* What loading and attaching asks for. */
@define kernel/bpf/syscall.c BPF_PROG_LOAD_LAST_FIELD
@function kernel/bpf/syscall.c bpf_prog_load_fixup_attach_type
@function kernel/bpf/syscall.c bpf_prog_load_check_attach
@function kernel/bpf/syscall.c is_net_admin_prog_type
@function kernel/bpf/syscall.c is_perfmon_prog_type
@function kernel/bpf/syscall.c attach_type_to_prog_type
@function kernel/bpf/syscall.c bpf_prog_attach_check_attach_type
@function kernel/bpf/verifier.c can_be_sleepable

/* What a program may return. */
struct tnum { u64 value; u64 mask; };
struct bpf_reg_state { enum bpf_reg_type type; struct tnum var_off; };
struct bpf_func_state { int subprogno; bool in_exception_callback_fn; bool in_async_callback_fn; };
struct bpf_verifier_state { struct bpf_func_state *frame[8]; };
struct bpf_verifier_env { struct bpf_prog *prog; struct bpf_verifier_state *cur_state; int subprog_cnt; };
@struct include/linux/bpf_verifier.h bpf_retval_range
static const struct tnum tnum_unknown = { 0, -1 };
static struct bpf_reg_state reg0 = { SCALAR_VALUE };
static struct bpf_retval_range asked_range;
static bool range_asked;
static bool low_half_asked;
static bool r0_read;
#define SRC_OP 0
#define check_reg_arg(env, regno, op) (r0_read = true, 0)
#define is_pointer_value(env, regno) false
#define cur_regs(env) (&reg0)
#define reg_type_str(env, type) ""
#define mark_chain_precision(env, regno) 0
#define tnum_range(min, max) tnum_unknown
#define tnum_is_unknown(t) true
#define tnum_in(a, b) true
#define verbose_invalid_scalar(env, reg, range, exit_ctx, reg_name) ((void)(exit_ctx))
static bool retval_range_within(struct bpf_retval_range range, const struct bpf_reg_state *reg, bool return_32bit)
{
	range_asked = true;
	low_half_asked = return_32bit;
	asked_range = range;
	return true;
}
#define MAX_ERRNO 4095
@set kernel/bpf/bpf_lsm.c bool_lsm_hooks
@set kernel/bpf/bpf_lsm.c bpf_lsm_disabled_hooks
@set kernel/bpf/bpf_lsm.c untrusted_lsm_hooks
@function kernel/bpf/bpf_lsm.c bpf_lsm_get_retval_range
@function kernel/bpf/verifier.c get_func_retval_range
@function kernel/bpf/verifier.c retval_range
@function kernel/bpf/verifier.c check_return_code

/* Which maps go into which helpers, and which are created. */
struct bpf_map { enum bpf_map_type map_type; void *record; };
#define btf_record_has_field(record, field) false
#define bpf_map_is_offloaded(map) false
#define allow_tail_call_in_subprogs(env) true
#define func_id_name(id) ""
@function kernel/bpf/verifier.c may_update_sockmap
@function kernel/bpf/verifier.c check_map_func_compatibility
@function kernel/bpf/verifier.c is_tracing_prog_type
@function kernel/bpf/verifier.c check_map_prog_compatibility
#define bpf_map_attr_numa_node(attr) ((attr)->map_flags & BPF_F_NUMA_NODE ? (int)(attr)->numa_node : NUMA_NO_NODE)
@define include/linux/percpu.h PCPU_MIN_UNIT_SIZE
@define include/linux/bpf.h BPF_F_ACCESS_MASK
@define kernel/bpf/arraymap.c ARRAY_CREATE_FLAG_MASK
@define kernel/bpf/hashtab.c HTAB_CREATE_FLAG_MASK
@define kernel/bpf/queue_stack_maps.c QUEUE_STACK_CREATE_FLAG_MASK
@define kernel/bpf/devmap.c DEV_CREATE_FLAG_MASK
@function include/linux/bpf.h bpf_map_flags_access_ok
struct htab_elem { char bytes[48]; };
@function kernel/bpf/arraymap.c array_map_alloc_check
@function kernel/bpf/arraymap.c fd_array_map_alloc_check
@function kernel/bpf/hashtab.c htab_map_alloc_check
@function kernel/bpf/hashtab.c fd_htab_map_alloc_check
@function kernel/bpf/queue_stack_maps.c queue_stack_map_alloc_check
@function kernel/bpf/devmap.c dev_map_alloc_check
@function kernel/bpf/reuseport_array.c reuseport_array_alloc_check

/* What a section's name says. */
typedef void *libbpf_prog_setup_fn_t;
typedef void *libbpf_prog_prepare_load_fn_t;
typedef void *libbpf_prog_attach_fn_t;
#define libbpf_prepare_prog_load NULL
@enum tools/lib/bpf/libbpf.c sec_def_flags
@struct tools/lib/bpf/libbpf.c bpf_sec_def
#define attach_kprobe NULL
#define attach_uprobe NULL
#define attach_ksyscall NULL
#define attach_usdt NULL
#define attach_tp NULL
#define attach_raw_tp NULL
#define attach_trace NULL
#define attach_kprobe_multi NULL
#define attach_kprobe_session NULL
#define attach_uprobe_multi NULL
#define attach_lsm NULL
#define attach_iter NULL
@array tools/lib/bpf/libbpf.c prog_type_name
@array tools/lib/bpf/libbpf.c attach_type_name
@array tools/lib/bpf/libbpf.c map_type_name
@define tools/lib/bpf/libbpf.c SEC_DEF
@array tools/lib/bpf/libbpf.c section_defs

@function net/core/filter.c bpf_helper_changes_pkt_data

/* What is called from Java. */
static const struct { const char *name; long value; } constants[] = {
	@constants
};

long entry_constant(int index)
{
	return constants[index].value;
}

const char *entry_helper(int number)
{
#define NAME(name, value, ...) if (number == value) return "bpf_" #name;
	___BPF_FUNC_MAPPER(NAME)
	return NULL;
}

static const struct { const char *name; const char *result; } lsm_hooks[] = {
#define LSM_HOOK(result, otherwise, name, ...) { #name, #result },
#include "@root/include/linux/lsm_hook_defs.h"
#undef LSM_HOOK
};

const char *entry_lsm_hook(int index)
{
	return index < (int)(sizeof(lsm_hooks) / sizeof(lsm_hooks[0])) ? lsm_hooks[index].name : NULL;
}

/* 1: void, 2: bool, 4: sleepable, 8: disabled, 16: untrusted */
int entry_lsm_hook_flags(int index)
{
	target = lsm_hooks[index].name;
	return (strcmp(lsm_hooks[index].result, "void") == 0) | set_contains(&bool_lsm_hooks) << 1
		| set_contains(&sleepable_lsm_hooks) << 2 | set_contains(&bpf_lsm_disabled_hooks) << 3
		| set_contains(&untrusted_lsm_hooks) << 4;
}

static void become(int type, int attach_type, long caps, int sleepable, const char *attach_target)
{
	prog.type = type;
	prog.expected_attach_type = attach_type;
	prog.sleepable = sleepable;
	capabilities = caps;
	target = attach_target;
	int_proto.type = true;
	for (size_t i = 0; i < sizeof(lsm_hooks) / sizeof(lsm_hooks[0]); i++)
		if (strcmp(lsm_hooks[i].name, target) == 0)
			int_proto.type = strcmp(lsm_hooks[i].result, "void") != 0;
}

const char *entry_prototype_name(int index)
{
	return index < (int)(sizeof(prototypes) / sizeof(prototypes[0])) ? prototypes[index].name : NULL;
}

/* 0: gpl_only, 1: pkt_access, 2: might_sleep, 3: allow_fastcall, 4: ret_type, 5: allowed, 10 + i: an argument's type, 20 + i: its size */
long entry_prototype_field(int index, int field)
{
	const struct bpf_func_proto *proto = prototypes[index].proto;

	switch (field) {
	case 0: return proto->gpl_only;
	case 1: return proto->pkt_access;
	case 2: return proto->might_sleep;
	case 3: return proto->allow_fastcall;
	case 4: return proto->ret_type;
	case 5: return proto->allowed == NULL ? 0 : proto->allowed == bpf_d_path_allowed ? 1
		: proto->allowed == bpf_ima_inode_hash_allowed ? 2 : proto->allowed == bpf_sk_storage_tracing_allowed ? 3 : -1;
	default: return field < 20 ? (long)proto->arg_type[field - 10] : (long)proto->arg_size[field - 20];
	}
}

/* The structure behind the BTF id of an argument (0 to 4) or of the result (5). */
const char *entry_prototype_struct(int index, int position)
{
	const struct bpf_func_proto *proto = prototypes[index].proto;
	const void *id = position == 5 ? (void *)proto->ret_btf_id : (void *)proto->arg_btf_id[position];

	for (size_t i = 0; i < sizeof(structures) / sizeof(structures[0]); i++)
		if (structures[i].id == id)
			return structures[i].name;
	return NULL;
}

/* The name of the prototype by which the program may call the helper, or NULL. */
const char *entry_granted(int type, int attach_type, long caps, int sleepable, const char *attach_target, int number)
{
	const struct bpf_func_proto *granted;

	become(type, attach_type, caps, sleepable, attach_target);
	if (type == BPF_PROG_TYPE_STRUCT_OPS)
		granted = strncmp(attach_target, "tcp_congestion_ops.", 19) == 0 ? bpf_tcp_ca_get_func_proto(number, &prog)
			: strncmp(attach_target, "sched_ext_ops.", 14) == 0 ? bpf_scx_get_func_proto(number, &prog)
			: bpf_base_func_proto(number, &prog);
	else
		granted = operations[type]->get_func_proto(number, &prog);
	for (size_t i = 0; granted != NULL && i < sizeof(prototypes) / sizeof(prototypes[0]); i++)
		if (prototypes[i].proto == granted)
			return prototypes[i].name;
	return granted == NULL ? NULL : "a prototype that was not cut";
}

/* The register type that a load yields, or -1 where the access is refused. */
int entry_access(int type, int attach_type, long caps, int off, int size, int write, int sign_extend)
{
	struct bpf_insn_access_aux info = { .reg_type = SCALAR_VALUE, .is_ldsx = sign_extend };

	become(type, attach_type, caps, false, "");
	if (!operations[type]->is_valid_access(off, size, write ? BPF_WRITE : BPF_READ, &prog, &info))
		return -1;
	return info.reg_type;
}

int entry_expected(int type, int attach_type)
{
	union bpf_attr attr = { .prog_type = type, .expected_attach_type = attach_type };

	bpf_prog_load_fixup_attach_type(&attr);
	return bpf_prog_load_check_attach(type, attr.expected_attach_type, NULL, 0, NULL);
}

int entry_attaches(int type, int attach_type)
{
	become(type, attach_type, -1, false, "");
	return bpf_prog_attach_check_attach_type(&prog, attach_type);
}

int entry_needs(int type)
{
	return is_net_admin_prog_type(type) | is_perfmon_prog_type(type) << 1;
}

int entry_may_sleep(int type, int attach_type)
{
	become(type, attach_type, -1, true, "");
	return can_be_sleepable(&prog);
}

/* The least and greatest result in the halves of a long; LONG_MAX: any; LONG_MAX - 1: none; LONG_MAX - 2: an error. */
long entry_returns(int type, int attach_type, const char *attach_target)
{
	struct bpf_func_state frame = { 0 };
	struct bpf_verifier_state state = { .frame = { &frame } };
	struct bpf_verifier_env env = { .prog = &prog, .cur_state = &state };

	become(type, attach_type, -1, false, attach_target);
	range_asked = r0_read = false;
	if (check_return_code(&env, 0, "R0") != 0)
		return INT64_MAX - 2;
	if (!r0_read)
		return INT64_MAX - 1;
	return range_asked ? (long)asked_range.minval << 32 | (u32)asked_range.maxval : INT64_MAX;
}

/* Whether the last range was one of the lower half. */
int entry_returns_low_half(void)
{
	return low_half_asked;
}

/* Whether the prototype's allowed() lets the program use it. */
int entry_permitted(int index, int type, int attach_type, const char *attach_target)
{
	become(type, attach_type, -1, false, attach_target);
	return prototypes[index].proto->allowed == NULL || prototypes[index].proto->allowed(&prog);
}

int entry_changes_packet(int number)
{
	return bpf_helper_changes_pkt_data(number);
}

int entry_map_helper(int map_type, int number, int type, int attach_type)
{
	struct bpf_map map = { map_type };
	struct bpf_verifier_env env = { .prog = &prog };

	become(type, attach_type, -1, false, "");
	return check_map_func_compatibility(&env, &map, number);
}

/* Whether a sleepable program may use a map of the type. */
int entry_map_sleeper(int map_type)
{
	struct bpf_map map = { map_type };
	struct bpf_verifier_env env = { .prog = &prog };

	become(BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, -1, true, "");
	return check_map_prog_compatibility(&env, &map, &prog) == 0;
}

/* What map_alloc_check returns, or 1 for a type that has none here. */
int entry_map_check(int map_type, int key, int value, int entries, int flags)
{
	union bpf_attr attr = {
		.map_type = map_type, .key_size = key, .value_size = value, .max_entries = entries, .map_flags = flags,
	};

	capabilities = -1;
	switch (map_type) {
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return array_map_alloc_check(&attr);
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_CGROUP_ARRAY:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
		return fd_array_map_alloc_check(&attr);
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
		return htab_map_alloc_check(&attr);
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		return fd_htab_map_alloc_check(&attr);
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
		return queue_stack_map_alloc_check(&attr);
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
		return dev_map_alloc_check(&attr);
	case BPF_MAP_TYPE_REUSEPORT_SOCKARRAY:
		return reuseport_array_alloc_check(&attr);
	default:
		return 1;
	}
}

/* 0: program types, 1: attach types, 2: map types */
const char *entry_type_name(int kind, int number)
{
	return kind == 0 ? prog_type_name[number] : kind == 1 ? attach_type_name[number] : map_type_name[number];
}

const char *entry_section(int index)
{
	return index < (int)(sizeof(section_defs) / sizeof(section_defs[0])) ? section_defs[index].sec : NULL;
}

/* 0: program type, 1: attach type, 2: sleepable, 3: frags, 4: target by BTF */
int entry_section_field(int index, int field)
{
	const struct bpf_sec_def *def = &section_defs[index];

	switch (field) {
	case 0: return def->prog_type;
	case 1: return def->expected_attach_type;
	case 2: return !!(def->cookie & SEC_SLEEPABLE);
	case 3: return !!(def->cookie & SEC_XDP_FRAGS);
	default: return !!(def->cookie & SEC_ATTACH_BTF);
	}
}
