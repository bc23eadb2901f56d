package org.bpfz.oracle.qemu;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How to boot.
 *
 * @param kernel        a bzImage
 * @param memory        MiB
 * @param cpus          at least 1
 * @param parameters    more of the kernel's command line, or the empty string
 * @param bootTimeout   how long until the agent must have said hello
 * @param answerTimeout how long any single request may take
 */
public record Boot(Path kernel, int memory, int cpus, String parameters, Duration bootTimeout,
        Duration answerTimeout) {
    private static final int MEMORY = 1024;

    /** One CPU, 1 GiB, three minutes for the boot, two for each request: a busy host is slow. */
    public static Boot of(Path kernel) {
        return new Boot(kernel, MEMORY, 1, "", Duration.ofMinutes(3), Duration.ofMinutes(2));
    }

    /** The same with more parameters of the kernel. */
    public Boot withParameters(String more) {
        return new Boot(kernel, memory, cpus, more, bootTimeout, answerTimeout);
    }

    /** The same with another number of CPUs. */
    public Boot withCpus(int number) {
        return new Boot(kernel, memory, number, parameters, bootTimeout, answerTimeout);
    }

    /** The same with other limits of time. */
    public Boot withTimeouts(Duration boot, Duration answer) {
        return new Boot(kernel, memory, cpus, parameters, boot, answer);
    }
}
