package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** Calls of kernel functions: each rule with a program that it lets through or one that it refuses. */
class KfuncsTest {
    private static final Btf KERNEL = KernelTypesOfTests.build();

    /** {@code call NAME} stands for the call of the kernel function with that name. */
    private static Verdict verify(ProgramType type, String text) {
        StringBuilder code = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            String[] words = line.strip().split(" ", -1);
            boolean named = words.length == 2 && words[0].equals("call") && !words[1].matches("-?\\d.*|pc.*|.*#.*");
            code.append(named
                    ? "call kernel-function#" + KERNEL.find(BtfType.Func.class, words[1]).orElseThrow()
                    : line).append('\n');
        }
        return Verifier.verify(Programs.image(type, code.toString()), Options.privileged().withKernelBtf(KERNEL)
                .withLogLevel(2).withFlags(type == ProgramType.SYSCALL ? Options.SLEEPABLE : 0));
    }

    private static void assertAccepted(ProgramType type, String text) {
        Verdict verdict = verify(type, text);
        assertInstanceOf(Verdict.Accepted.class, verdict, verdict::log);
    }

    private static void assertRefused(ProgramType type, Errno errno, String message, String text) {
        Verdict verdict = verify(type, text);
        Verdict.Rejected rejected = assertInstanceOf(Verdict.Rejected.class, verdict, verdict::log);
        assertEquals(message, rejected.message());
        assertEquals(errno, rejected.errno());
    }

    private static String loop(String body) {
        return """
                r1 = r10
                r1 += -8
                r2 = 0
                r3 = 1000000
                call bpf_iter_num_new
                r6 = 0
                again: r1 = r10
                r1 += -8
                call bpf_iter_num_next
                if r0 == 0 goto done
                %s
                goto again
                done: r1 = r10
                r1 += -8
                call bpf_iter_num_destroy
                r0 = 0
                exit
                """.formatted(body);
    }

    @Test
    void aLoopOverNumbersConverges() {
        assertAccepted(ProgramType.SOCKET_FILTER, loop("r1 = *(u32 *)(r0 +0)\nr6 += r1"));
    }

    @Test
    void anIteratorsNumberIsReadOnlyAndGoneBehindItsEnd() {
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EACCES, "R0 cannot write into rdonly_mem",
                loop("*(u32 *)(r0 +0) = 1"));
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EACCES, "R7 invalid mem access 'scalar'",
                loop("r7 = r0\nr1 = r10\nr1 += -8\ncall bpf_iter_num_destroy\nr0 = *(u32 *)(r7 +0)"));
    }

    @Test
    void anIteratorIsBegunOnceAndEnded() {
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EINVAL, "expected an initialized iter_num as arg #0", """
                r1 = r10
                r1 += -8
                call bpf_iter_num_next
                r0 = 0
                exit
                """);
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EINVAL, "Unreleased reference id=1 alloc_insn=4", """
                r1 = r10
                r1 += -8
                r2 = 0
                r3 = 1
                call bpf_iter_num_new
                r0 = 0
                exit
                """);
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EINVAL, "expected uninitialized iter_num as arg #0",
                loop("r1 = r10\nr1 += -8\nr2 = 0\nr3 = 1\ncall bpf_iter_num_new"));
    }

    @Test
    void acquiredTasksAreReleased() {
        String task = """
                r1 = 1
                call bpf_task_from_pid
                %s
                r0 = 0
                exit
                """;
        assertAccepted(ProgramType.SYSCALL, task.formatted("if r0 == 0 goto +2\nr1 = r0\ncall bpf_task_release"));
        assertRefused(ProgramType.SYSCALL, Errno.EINVAL, "Unreleased reference id=2 alloc_insn=1", task.formatted(""));
        assertRefused(ProgramType.SYSCALL, Errno.EACCES, "Possibly NULL pointer passed to trusted arg0",
                task.formatted("r1 = r0\ncall bpf_task_release"));
    }

    @Test
    void aFunctionIsRegisteredForAProgramType() {
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EACCES,
                "calling kernel function bpf_task_from_pid is not allowed",
                "r1 = 1\ncall bpf_task_from_pid\nr0 = 0\nexit");
        assertRefused(ProgramType.SYSCALL, Errno.EACCES, "calling kernel function printk is not allowed",
                "call printk\nr0 = 0\nexit");
        assertRefused(ProgramType.SYSCALL, Errno.EINVAL, "kernel btf_id 1 is not a function",
                "call kernel-function#1\nr0 = 0\nexit");
    }

    @Test
    void sectionsBeginAndEnd() {
        assertAccepted(ProgramType.SOCKET_FILTER, "call bpf_rcu_read_lock\ncall bpf_rcu_read_unlock\nr0 = 0\nexit");
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EINVAL, "bpf_rcu_read_unlock is missing",
                "call bpf_rcu_read_lock\nr0 = 0\nexit");
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EINVAL,
                "unmatched rcu read unlock (kernel function bpf_rcu_read_unlock)",
                "call bpf_rcu_read_unlock\nr0 = 0\nexit");
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EINVAL,
                "nested rcu read lock (kernel function bpf_rcu_read_lock)",
                "call bpf_rcu_read_lock\ncall bpf_rcu_read_lock\nr0 = 0\nexit");
        assertAccepted(ProgramType.SOCKET_FILTER,
                "call bpf_preempt_disable\ncall bpf_preempt_enable\nr0 = 0\nexit");
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EINVAL, "1 bpf_preempt_enable is missing",
                "call bpf_preempt_disable\nr0 = 0\nexit");
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EINVAL,
                "unmatched attempt to enable preemption (kernel function bpf_preempt_enable)",
                "call bpf_preempt_enable\nr0 = 0\nexit");
    }

    @Test
    void anIteratorOverProtectedObjectsIsForASection() {
        String tasks = """
                %s
                r1 = r10
                r1 += -24
                r2 = 0
                r3 = 0
                call bpf_iter_task_new
                again: r1 = r10
                r1 += -24
                call bpf_iter_task_next
                if r0 == 0 goto done
                r1 = *(u32 *)(r0 +0)
                goto again
                done: r1 = r10
                r1 += -24
                call bpf_iter_task_destroy
                %s
                r0 = 0
                exit
                """;
        assertAccepted(ProgramType.SOCKET_FILTER, tasks.formatted("", ""));
        ProgramType sleeps = ProgramType.SYSCALL;
        assertAccepted(sleeps, tasks.formatted("call bpf_rcu_read_lock", "call bpf_rcu_read_unlock"));
    }

    @Test
    void whatIsNotModelledIsRefusedAsSuch() {
        assertRefused(ProgramType.SYSCALL, Errno.ENOTSUPP, "kernel function bpf_throw is not modelled",
                "r1 = 0\ncall bpf_throw\nr0 = 0\nexit");
    }

    @Test
    void onlyWhereAPathComesToItIsALackingFunctionRefused() {
        assertAccepted(ProgramType.SOCKET_FILTER, "r0 = 0\nif r0 == 0 goto +1\ncall kernel-function#0\nexit");
        assertRefused(ProgramType.SOCKET_FILTER, Errno.EINVAL,
                "invalid kernel function call not eliminated in verifier pass",
                "call kernel-function#0\nr0 = 0\nexit");
    }

    @Test
    void callsAreLookedUpInTheirOrder() {
        String kernelCallFirst = "call kernel-function#99999\ncall pc+100\nr0 = 0\nexit";
        assertRefused(ProgramType.SYSCALL, Errno.EINVAL, "kernel btf_id 99999 is not a function", kernelCallFirst);
        assertFalse(verify(ProgramType.SYSCALL, kernelCallFirst).log().contains("func#"));
        assertRefused(ProgramType.SYSCALL, Errno.EINVAL, "call to invalid destination",
                "call pc+100\ncall kernel-function#99999\nr0 = 0\nexit");
    }

    @Test
    void aKernelThatListsItsHelpersMayLackOne() {
        ProgramImage image = Programs.image(ProgramType.KPROBE, "r2 = 0\ncall 58\nr0 = 0\nexit");
        Options options = Options.privileged();
        assertInstanceOf(Verdict.Accepted.class, Verifier.verify(image, options.withKernelBtf(KERNEL)));
        Btf without = KernelTypesOfTests.build("bpf_get_current_task");
        assertEquals("program of this type cannot use helper bpf_override_return#58", assertInstanceOf(
                Verdict.Rejected.class, Verifier.verify(image, options.withKernelBtf(without))).message());
        Btf with = KernelTypesOfTests.build("bpf_get_current_task", "bpf_override_return");
        assertInstanceOf(Verdict.Accepted.class, Verifier.verify(image, options.withKernelBtf(with)));
    }
}
