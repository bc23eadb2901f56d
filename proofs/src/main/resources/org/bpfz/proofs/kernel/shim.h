/* What the functions cut from the kernel's verifier need around them to compile in user space. Ours. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef uint64_t __u64;
typedef int64_t __s64;

#define S8_MIN INT8_MIN
#define S8_MAX INT8_MAX
#define S16_MIN INT16_MIN
#define S16_MAX INT16_MAX
#define S32_MIN INT32_MIN
#define S32_MAX INT32_MAX
#define S64_MIN INT64_MIN
#define S64_MAX INT64_MAX
#define U16_MAX UINT16_MAX
#define U32_MAX UINT32_MAX
#define U64_MAX UINT64_MAX

#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(t, a, b) ((t)(a) < (t)(b) ? (t)(a) : (t)(b))
#define max_t(t, a, b) ((t)(a) > (t)(b) ? (t)(a) : (t)(b))
#define swap(a, b) do { __typeof__(a) tmp_ = (a); (a) = (b); (b) = tmp_; } while (0)
#define check_add_overflow(a, b, d) __builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d) __builtin_sub_overflow(a, b, d)
#define is_power_of_2(n) ((n) != 0 && (((n) & ((n) - 1)) == 0))
#define fls64(x) ((x) ? 64 - __builtin_clzll(x) : 0)

#define BPF_CLASS(code) ((code) & 7)
#define BPF_OP(code) ((code) & 0xf0)
#define BPF_X 8
#define BPF_ALU64 7
#define BPF_ADD 0x00
#define BPF_SUB 0x10
#define BPF_MUL 0x20
#define BPF_OR 0x40
#define BPF_AND 0x50
#define BPF_LSH 0x60
#define BPF_RSH 0x70
#define BPF_XOR 0xa0
#define BPF_ARSH 0xc0
#define BPF_JEQ 0x10
#define BPF_JGT 0x20
#define BPF_JGE 0x30
#define BPF_JSET 0x40
#define BPF_JNE 0x50
#define BPF_JSGT 0x60
#define BPF_JSGE 0x70
#define BPF_JLT 0xa0
#define BPF_JLE 0xb0
#define BPF_JSLT 0xc0
#define BPF_JSLE 0xd0

enum { NOT_INIT, SCALAR_VALUE };

struct tnum { u64 value; u64 mask; };

struct bpf_reg_state {
	int type;
	u32 id, ref_obj_id, frameno;
	bool precise;
	struct tnum var_off;
	s64 smin_value, smax_value;
	u64 umin_value, umax_value;
	s32 s32_min_value, s32_max_value;
	u32 u32_min_value, u32_max_value;
};

struct bpf_insn { u8 code; };
struct bpf_verifier_env { bool bpf_capable; };

static struct tnum tnum_subreg(struct tnum a);
static struct tnum tnum_clear_subreg(struct tnum a);
static struct tnum tnum_with_subreg(struct tnum reg, struct tnum subreg);

#define TNUM(_v, _m) (struct tnum){ .value = _v, .mask = _m }
static const struct tnum tnum_unknown = { .value = 0, .mask = -1 };
static int flip_opcode(u32 opcode);

static inline bool tnum_is_const(struct tnum a) { return !a.mask; }
static inline bool tnum_subreg_is_const(struct tnum a) { return !tnum_subreg(a).mask; }

/* Speculation and state forking are not the domain's. */
#define sanitize_needed(opcode) 0
#define sanitize_val_alu(env, insn) 0
#define sanitize_err(env, insn, ret, a, b) (ret)
#define maybe_fork_scalars(env, insn, dst) 0
