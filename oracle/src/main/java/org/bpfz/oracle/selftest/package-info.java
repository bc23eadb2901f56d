/**
 * Runs objects that say themselves what should become of them: the kernel's {@code tools/testing/selftests/bpf/progs/verifier_*.c}, whose
 * expectations are BTF declaration tags (bpf_misc.h, test_loader.c).
 */
@NullMarked
package org.bpfz.oracle.selftest;

import org.jspecify.annotations.NullMarked;
