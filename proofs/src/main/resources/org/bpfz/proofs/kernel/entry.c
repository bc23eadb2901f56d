/* Flat entry points over the cut functions: a number is ten 64-bit words, in this order. Ours. */
static inline __attribute__((always_inline)) void get(struct bpf_reg_state *r, const u64 *w)
{
	memset(r, 0, sizeof(*r));
	r->type = SCALAR_VALUE;
	r->var_off.value = w[0];
	r->var_off.mask = w[1];
	r->umin_value = w[2];
	r->umax_value = w[3];
	r->smin_value = w[4];
	r->smax_value = w[5];
	r->u32_min_value = w[6];
	r->u32_max_value = w[7];
	r->s32_min_value = w[8];
	r->s32_max_value = w[9];
}

static inline __attribute__((always_inline)) void put(const struct bpf_reg_state *r, u64 *w)
{
	w[0] = r->var_off.value;
	w[1] = r->var_off.mask;
	w[2] = r->umin_value;
	w[3] = r->umax_value;
	w[4] = r->smin_value;
	w[5] = r->smax_value;
	w[6] = r->u32_min_value;
	w[7] = r->u32_max_value;
	w[8] = (s64)r->s32_min_value;
	w[9] = (s64)r->s32_max_value;
}

/* One entry point a function, made by these from a call on the registers a and b. */
#define TWO(name, call) \
	void name(u64 *w, u64 *v) { struct bpf_reg_state a, b; get(&a, w); get(&b, v); call; put(&a, w); put(&b, v); }
#define ASK(name, call) \
	int name(const u64 *w, const u64 *v) { struct bpf_reg_state a, b; get(&a, w); get(&b, v); return call; }

static inline void alu(struct bpf_reg_state *dst, struct bpf_reg_state *src, int code)
{
	struct bpf_verifier_env env = { .bpf_capable = true };
	struct bpf_insn insn = { .code = code };

	adjust_scalar_min_max_vals(&env, &insn, dst, *src);
}

static inline void refine(struct bpf_reg_state *a, struct bpf_reg_state *b, int op, int jmp32)
{
	regs_refine_cond_op(a, b, op, jmp32);
	reg_bounds_sync(a);
	reg_bounds_sync(b);
}

/* A stage of which nothing is known but that its results depend on the number alone: one function a word, which is nowhere defined. */
#define NUMBER u64, u64, u64, u64, s64, s64, u32, u32, s32, s32
#define WORD(type, name) type name(NUMBER) __attribute__((const));
#define PARTS(r) r->var_off.value, r->var_off.mask, r->umin_value, r->umax_value, r->smin_value, r->smax_value, \
	r->u32_min_value, r->u32_max_value, r->s32_min_value, r->s32_max_value
#define ANY_STAGE(f) \
	WORD(u64, f##_0) WORD(u64, f##_1) WORD(u64, f##_2) WORD(u64, f##_3) WORD(s64, f##_4) WORD(s64, f##_5) \
	WORD(u32, f##_6) WORD(u32, f##_7) WORD(s32, f##_8) WORD(s32, f##_9) \
	static inline __attribute__((always_inline)) void f(struct bpf_reg_state *r) \
	{ \
		struct bpf_reg_state b = *r; \
		r->var_off.value = f##_0(PARTS((&b))); \
		r->var_off.mask = f##_1(PARTS((&b))); \
		r->umin_value = f##_2(PARTS((&b))); \
		r->umax_value = f##_3(PARTS((&b))); \
		r->smin_value = f##_4(PARTS((&b))); \
		r->smax_value = f##_5(PARTS((&b))); \
		r->u32_min_value = f##_6(PARTS((&b))); \
		r->u32_max_value = f##_7(PARTS((&b))); \
		r->s32_min_value = f##_8(PARTS((&b))); \
		r->s32_max_value = f##_9(PARTS((&b))); \
	}
ANY_STAGE(any_update)
ANY_STAGE(any_deduce)
ANY_STAGE(any_offset)
ANY_STAGE(any_sync)
ANY_STAGE(any_mixed)

/* Stages of which also is known which half of the bounds they look at and change. */
#define WIDE u64, u64, s64, s64
#define LOW u32, u32, s32, s32
#define ANY_WORDS(u, s, name, args) \
	u name##_0(args) __attribute__((const)); u name##_1(args) __attribute__((const)); \
	s name##_2(args) __attribute__((const)); s name##_3(args) __attribute__((const));
#define BOTH WIDE, LOW
ANY_WORDS(u32, s32, any_within, BOTH)
ANY_WORDS(u32, s32, any_across32, LOW)
ANY_WORDS(u64, s64, any_across64, WIDE)

static inline __attribute__((always_inline)) void any_deduce32(struct bpf_reg_state *r)
{
	u64 a = r->umin_value, b = r->umax_value;
	s64 c = r->smin_value, d = r->smax_value;
	u32 e = r->u32_min_value, f = r->u32_max_value;
	s32 g = r->s32_min_value, h = r->s32_max_value;
	u32 i = any_within_0(a, b, c, d, e, f, g, h), j = any_within_1(a, b, c, d, e, f, g, h);
	s32 k = any_within_2(a, b, c, d, e, f, g, h), l = any_within_3(a, b, c, d, e, f, g, h);

	r->u32_min_value = any_across32_0(i, j, k, l);
	r->u32_max_value = any_across32_1(i, j, k, l);
	r->s32_min_value = any_across32_2(i, j, k, l);
	r->s32_max_value = any_across32_3(i, j, k, l);
}

static inline __attribute__((always_inline)) void any_deduce64(struct bpf_reg_state *r)
{
	u64 a = r->umin_value, b = r->umax_value;
	s64 c = r->smin_value, d = r->smax_value;

	r->umin_value = any_across64_0(a, b, c, d);
	r->umax_value = any_across64_1(a, b, c, d);
	r->smin_value = any_across64_2(a, b, c, d);
	r->smax_value = any_across64_3(a, b, c, d);
}
