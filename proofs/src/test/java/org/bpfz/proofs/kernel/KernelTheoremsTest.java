package org.bpfz.proofs.kernel;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.solver.Z3;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Prover;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Verdict;
import org.bpfz.spec.peer.KernelSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every theorem of group 1 is proved; without the kernel source or clang 19 none is run. */
class KernelTheoremsTest {
    @TestFactory
    Stream<DynamicTest> arithmeticEqualsTheKernels() throws Exception {
        Optional<KernelFunctions> functions = KernelFunctions.find();
        assumeTrue(functions.isPresent(), KernelSource.MISSING);
        assumeTrue(KernelFunctions.has("clang-19"), "no clang-19");
        Prover prover = new Prover(new Z3(), Duration.ofSeconds(60));
        return KernelTheorems.all(functions.get()).stream()
                .map(theorem -> DynamicTest.dynamicTest(theorem.name(), () -> prove(prover, theorem)));
    }

    private static void prove(Prover prover, Theorem theorem) {
        Verdict verdict = prover.prove(theorem, new JavaLifter(new Terms()));
        assertInstanceOf(Verdict.Proved.class, verdict, theorem.statement());
    }
}
