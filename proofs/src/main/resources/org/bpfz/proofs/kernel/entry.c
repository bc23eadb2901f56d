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
