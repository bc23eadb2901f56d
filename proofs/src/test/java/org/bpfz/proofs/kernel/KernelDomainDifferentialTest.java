package org.bpfz.proofs.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.peer.KernelSource;
import org.bpfz.verifier.domain.Branch;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.ScalarAlu;
import org.bpfz.verifier.domain.Scalars;
import org.bpfz.verifier.domain.Tnum;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Range analysis equals the C functions of the Linux 6.12 verifier, on reachable knowledge and on contradictory one. */
class KernelDomainDifferentialTest {
    private static final int CASES = 60_000;
    private static @Nullable KernelDomain loaded;

    private final SplittableRandom random = new SplittableRandom(20_241_117);

    @BeforeAll
    static void loadKernelFunctions() throws Exception {
        loaded = KernelDomain.load();
        assumeTrue(loaded != null, KernelSource.MISSING + ", or no gcc");
    }

    private static KernelDomain kernel() {
        KernelDomain kernel = loaded;
        if (kernel == null) {
            throw new IllegalStateException("not loaded");
        }
        return kernel;
    }

    private Scalar any() {
        return random.nextInt(4) == 0 ? Scalars.contradictory(random) : Scalars.known(random).scalar();
    }

    /** Shifts are computed for constant distances only, so half of the distances are. */
    private Scalar operand() {
        return random.nextBoolean() ? Scalar.constant(random.nextInt(0, 66)) : any();
    }

    @ParameterizedTest
    @EnumSource(AluOp.class)
    void arithmetic(AluOp op) throws Throwable {
        for (Width width : Width.values()) {
            int opcode = op.code() << 4 | (width == Width.W64 ? 0x07 : 0x04);
            for (int i = 0; i < CASES; i++) {
                Scalar a = any();
                Scalar b = operand();
                assertEquals(kernel().alu(opcode, a, b), ScalarAlu.apply(width, op, a, b),
                        () -> width + " " + a + " " + op + " " + b);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Condition.class)
    void branches(Condition condition) throws Throwable {
        for (Width width : Width.values()) {
            for (int i = 0; i < CASES; i++) {
                Scalar a = any();
                Scalar b = random.nextBoolean() ? Scalar.constant(Scalars.number(random)) : any();
                Supplier<String> what = () -> width + " " + a + " " + condition + " " + b;
                assertEquals(kernel().decide(width, condition, a, b), Branch.decide(width, condition, a, b), what);
                assertEquals(kernel().refine(width, condition, true, a, b), Branch.refine(width, condition, true, a, b),
                        what);
                assertEquals(kernel().refine(width, condition, false, a, b),
                        Branch.refine(width, condition, false, a, b), what);
            }
        }
    }

    @Test
    void synchronisation() throws Throwable {
        for (int i = 0; i < 10 * CASES; i++) {
            Scalar a = any();
            assertEquals(kernel().sync(a), a.sync(), a::toString);
        }
    }

    @Test
    void truncationAndExtension() throws Throwable {
        for (int i = 0; i < CASES; i++) {
            Scalar a = any();
            assertEquals(kernel().zeroExtended(a), a.zeroExtended(), a::toString);
            for (int bytes : new int[]{1, 2, 4}) {
                assertEquals(kernel().truncated(a, bytes), a.truncated(bytes), a::toString);
                assertEquals(kernel().signExtended(a, bytes), a.signExtended(bytes), a::toString);
            }
            for (int bytes : new int[]{1, 2}) {
                assertEquals(kernel().signExtendedLow(a, bytes), a.signExtendedLow(bytes), a::toString);
            }
        }
    }

    @Test
    void containment() throws Throwable {
        for (int i = 0; i < CASES; i++) {
            Scalar a = any();
            Scalar b = random.nextInt(3) == 0 ? any() : Branch.refine(Width.W64, Condition.LE, true, a, any()).left();
            assertEquals(kernel().boundsContain(a, b), Scalar.boundsContain(a, b), () -> a + " contains " + b);
            assertEquals(kernel().bitsContain(a, b), Tnum.contains(a.bits(), b.bits()), () -> a + " contains " + b);
        }
    }
}
