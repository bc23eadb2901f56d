/* Flat entry points over the cut functions: a number is ten 64-bit words. Ours. */
static void get(struct bpf_reg_state *r, const u64 *w)
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

static void put(const struct bpf_reg_state *r, u64 *w)
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

void entry_alu(int code, u64 *dst, const u64 *src)
{
	struct bpf_verifier_env env = { .bpf_capable = true };
	struct bpf_insn insn = { .code = code };
	struct bpf_reg_state d, s;

	get(&d, dst);
	get(&s, src);
	adjust_scalar_min_max_vals(&env, &insn, &d, s);
	put(&d, dst);
}

int entry_decide(int op, int jmp32, const u64 *a, const u64 *b)
{
	struct bpf_reg_state l, r;

	get(&l, a);
	get(&r, b);
	return is_scalar_branch_taken(&l, &r, op, jmp32);
}

void entry_refine(int op, int jmp32, int taken, u64 *a, u64 *b)
{
	struct bpf_reg_state l, r;

	get(&l, a);
	get(&r, b);
	regs_refine_cond_op(&l, &r, taken ? op : rev_opcode(op), jmp32);
	reg_bounds_sync(&l);
	reg_bounds_sync(&r);
	put(&l, a);
	put(&r, b);
}

void entry_unary(int what, int size, u64 *a)
{
	struct bpf_reg_state r;

	get(&r, a);
	switch (what) {
	case 0: reg_bounds_sync(&r); break;
	case 1: coerce_reg_to_size(&r, size); break;
	case 2: coerce_reg_to_size_sx(&r, size); break;
	case 3: coerce_subreg_to_size_sx(&r, size); break;
	case 4: zext_32_to_64(&r); break;
	}
	put(&r, a);
}

int entry_within(const u64 *a, const u64 *b)
{
	struct bpf_reg_state l, r;

	get(&l, a);
	get(&r, b);
	return range_within(&l, &r) << 1 | tnum_in(l.var_off, r.var_off);
}
