package org.bpfz.proofs.solver;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecNum;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Expr;
import com.microsoft.z3.FuncDecl;
import com.microsoft.z3.Model;
import com.microsoft.z3.Params;
import com.microsoft.z3.Status;
import com.microsoft.z3.Version;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.term.PostOrder;
import org.bpfz.proofs.term.Term;

/** Z3, by its own Java binding; each question is put to a fresh context. */
public final class Z3 implements Solver {
    @Override
    public String name() {
        return "Z3 " + Version.getMajor() + "." + Version.getMinor() + "." + Version.getBuild();
    }

    @Override
    @SuppressWarnings("unchecked") // Z3 takes its assertions as generic varargs.
    public Answer solve(List<Term> assertions, Duration limit) {
        try (Context context = new Context()) {
            com.microsoft.z3.Solver solver = context.mkSolver("QF_BV");
            Params params = context.mkParams();
            params.add("timeout", Math.toIntExact(limit.toMillis()));
            solver.setParameters(params);
            Translation translation = new Translation(context);
            for (Term assertion : assertions) {
                solver.add((BoolExpr) translation.of(assertion));
            }
            Status status = solver.check();
            return switch (status) {
                case SATISFIABLE -> new Answer.Satisfiable(values(solver.getModel()));
                case UNSATISFIABLE -> new Answer.Unsatisfiable();
                case UNKNOWN -> new Answer.Unknown(solver.getReasonUnknown());
            };
        }
    }

    private static Map<String, Long> values(Model model) {
        Map<String, Long> values = new HashMap<>();
        for (FuncDecl<?> variable : model.getConstDecls()) {
            Expr<?> value = model.getConstInterp(variable);
            long bits = value instanceof BitVecNum number ? number.getBigInteger().longValue() : value.isTrue() ? 1 : 0;
            values.put(variable.getName().toString(), bits);
        }
        return values;
    }

    /** Terms as Z3 expressions, each once. */
    private static final class Translation {
        private final Context z3;
        private final Map<Term, Expr<?>> done = new HashMap<>();

        Translation(Context z3) {
            this.z3 = z3;
        }

        Expr<?> of(Term root) {
            PostOrder.fill(root, done, this::translate);
            return done.get(root);
        }

        private BoolExpr bool(Term term, int n) {
            return (BoolExpr) done.get(term.arg(n));
        }

        private BitVecExpr bv(Term term, int n) {
            return (BitVecExpr) done.get(term.arg(n));
        }

        @SuppressWarnings("unchecked") // As for assertions.
        private Expr<?> translate(Term term) {
            return switch (term.op()) {
                case CONSTANT -> term.isBool()
                        ? z3.mkBool(term.isTrue())
                        : z3.mkBV(Long.toUnsignedString(term.value()), term.width());
                case VARIABLE -> term.isBool() ? z3.mkBoolConst(term.name()) : z3.mkBVConst(term.name(), term.width());
                case NOT -> z3.mkNot(bool(term, 0));
                case AND -> z3.mkAnd(bool(term, 0), bool(term, 1));
                case OR -> z3.mkOr(bool(term, 0), bool(term, 1));
                case EQ -> z3.mkEq(done.get(term.arg(0)), done.get(term.arg(1)));
                case ITE -> z3.mkITE(bool(term, 0), done.get(term.arg(1)), done.get(term.arg(2)));
                case ADD -> z3.mkBVAdd(bv(term, 0), bv(term, 1));
                case SUB -> z3.mkBVSub(bv(term, 0), bv(term, 1));
                case MUL -> z3.mkBVMul(bv(term, 0), bv(term, 1));
                case UDIV -> z3.mkBVUDiv(bv(term, 0), bv(term, 1));
                case UREM -> z3.mkBVURem(bv(term, 0), bv(term, 1));
                case SDIV -> z3.mkBVSDiv(bv(term, 0), bv(term, 1));
                case SREM -> z3.mkBVSRem(bv(term, 0), bv(term, 1));
                case BVAND -> z3.mkBVAND(bv(term, 0), bv(term, 1));
                case BVOR -> z3.mkBVOR(bv(term, 0), bv(term, 1));
                case BVXOR -> z3.mkBVXOR(bv(term, 0), bv(term, 1));
                case SHL -> z3.mkBVSHL(bv(term, 0), bv(term, 1));
                case LSHR -> z3.mkBVLSHR(bv(term, 0), bv(term, 1));
                case ASHR -> z3.mkBVASHR(bv(term, 0), bv(term, 1));
                case ULT -> z3.mkBVULT(bv(term, 0), bv(term, 1));
                case SLT -> z3.mkBVSLT(bv(term, 0), bv(term, 1));
                case CONCAT -> z3.mkConcat(bv(term, 0), bv(term, 1));
                case EXTRACT -> z3.mkExtract((int) term.value() + term.width() - 1, (int) term.value(), bv(term, 0));
                case SIGN_EXTEND -> z3.mkSignExt(term.width() - term.arg(0).width(), bv(term, 0));
            };
        }
    }
}
