package org.bpfz.spec.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Clock;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.engine.HelperReading.PastEnd;
import org.bpfz.spec.engine.KernelMemory;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What helpers do, but for those of maps and of control flow. */
public abstract class HelperContract extends EngineContract {

    /** A program of the compressor type over ten bytes of data, which puts what it copies at R10 - 16, where 0xee stands before. */
    private static Trial copying(String offset, String size) {
        return Trial.of("""
                r2 = 0xeeeeeeeeeeeeeeee ll
                *(u64 *)(r10 -16) = r2
                *(u64 *)(r10 -8) = r2
                r2 = %s
                r3 = r10
                r3 += -16
                r4 = %s
                call bpf_copy_from_buffer
                *(u64 *)(r10 -24) = r0
                r6 = *(u64 *)(r10 -16)
                if r0 != 0 goto end
                r0 = r6
                end: exit""".formatted(offset, size)).type(ProgramType.COMPRESSOR).context(new byte[16])
                .data(bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    }

    private static Trial partial(Trial trial) {
        return trial.services(services -> services
                .withHelpers(new HelperReading(212, 213, PastEnd.PARTIAL, Errno.EFAULT, Errno.ENODATA)));
    }

    @ParameterizedTest
    @CsvSource({"0, 8, 0x0706050403020100", "2, 8, 0x0908070605040302", "9, 1, 0xeeeeeeeeeeeeee09",
        "10, 0, 0xeeeeeeeeeeeeeeee", "0, 0, 0xeeeeeeeeeeeeeeee", "0, 10, 0x0706050403020100"})
    void copiesFromTheWrittenData(String offset, String size, String expected) {
        assertEquals(Long.parseUnsignedLong(expected.substring(2), 16), returned(copying(offset, size)));
        assertEquals(Long.parseUnsignedLong(expected.substring(2), 16), returned(partial(copying(offset, size))));
    }

    @ParameterizedTest
    @CsvSource({"9, 2, 0xeeeeeeeeeeeeee09", "10, 1, 0xeeeeeeeeeeeeeeee", "11, 0, 0xeeeeeeeeeeeeeeee",
        "0, 11, 0x0706050403020100",
        "0xffffffffffffffff ll, 1, 0xeeeeeeeeeeeeeeee", "0x100000000 ll, 8, 0xeeeeeeeeeeeeeeee",
        "0x8000000000000000 ll, 8, 0xeeeeeeeeeeeeeeee"})
    void copiesNothingOrWhatIsThereOfARangePastTheEnd(String offset, String size, String available) {
        boolean empty = size.equals("0");
        assertEquals(empty ? -0x1111111111111112L : Errno.EINVAL.negative(), returned(copying(offset, size)));
        assertEquals(Long.parseUnsignedLong(available.substring(2), 16), returned(partial(copying(offset, size))));
    }

    @Test
    void leavesTheTargetAloneWhereTheRangeIsRefused() {
        Trial trial = copying("9", "2");
        assertEquals(Errno.EINVAL.negative(), returned(trial));
        assertEquals(-0x1111111111111112L, returned(Trial.of("""
                r2 = 0xeeeeeeeeeeeeeeee ll
                *(u64 *)(r10 -8) = r2
                r2 = 9
                r3 = r10
                r3 += -8
                r4 = 2
                call bpf_copy_from_buffer
                r0 = *(u64 *)(r10 -8)
                exit""").type(ProgramType.COMPRESSOR).context(new byte[16]).data(new byte[10])));
    }

    @Test
    void hasNoDataInDecide() {
        Trial copy = Trial.of("r2 = 0\nr3 = r10\nr3 += -8\nr4 = 8\ncall bpf_copy_from_buffer\nexit")
                .type(ProgramType.COMPRESSOR).context(new byte[16]);
        assertEquals(Errno.EINVAL.negative(), returned(copy));
        assertEquals(Errno.ENODATA.negative(), returned(partial(copy)));
        Trial lzo = Trial.of("call bpf_lzo_compress\nexit").type(ProgramType.COMPRESSOR).context(new byte[16])
                .services(services -> services.withLzo((data, offset, length) -> 1));
        assertEquals(Errno.EINVAL.negative(), returned(lzo));
    }

    @Test
    void copiesNothingOfEmptyData() {
        Trial trial = Trial.of("r2 = 0\nr3 = r10\nr3 += -8\nr4 = 1\ncall bpf_copy_from_buffer\nexit")
                .type(ProgramType.COMPRESSOR).context(new byte[16]).data();
        assertEquals(Errno.EINVAL.negative(), returned(trial));
        assertEquals(0, returned(partial(trial)));
    }

    @Test
    void asksForTheSizeThatLzoMakes() {
        Trial trial = Trial.of("call bpf_lzo_compress\nexit").type(ProgramType.COMPRESSOR).context(new byte[16])
                .data(bytes(1, 2, 3)).services(services -> services
                        .withLzo((data, offset, length) -> 100 * data[offset + 2] + 10 * offset + length));
        assertEquals(303, returned(trial));
        assertEquals(-12, returned(trial.services(services -> services.withLzo((data, offset, length) -> -12))));
    }

    @Test
    void findsTheCompressorsHelpersUnderOtherNumbers() {
        Trial moved = Trial.of("call 301\nexit").type(ProgramType.COMPRESSOR).context(new byte[16]).data(bytes(1))
                .services(services -> services.withLzo((data, offset, length) -> 7)
                        .withHelpers(new HelperReading(300, 301, PastEnd.ERROR, Errno.EINVAL, Errno.EINVAL)));
        assertEquals(7, returned(moved));
        faults(Fault.Unsupported.class, 0,
                Trial.of("call 213\nexit").context(new byte[16]).services(services -> services
                        .withHelpers(new HelperReading(300, 301, PastEnd.ERROR, Errno.EINVAL, Errno.EINVAL))));
    }

    @Test
    void wantsTheContextWhereAContextIsDue() {
        assertEquals(1, faults(Fault.BadArgument.class, 1, Trial.of("r1 += 8\ncall bpf_lzo_compress\nexit")
                .type(ProgramType.COMPRESSOR).context(new byte[16]).data(bytes(1))
                .services(services -> services.withLzo((data, offset, length) -> 7))).argument());
    }

    @Test
    void tellsWhoRuns() {
        Task task = new Task(0x89abcdef, 0x12345678, -2, -3, "a rather long command");
        assertEquals(0x1234567889abcdefL, returned(Trial.of("call bpf_get_current_pid_tgid\nexit").task(task)));
        assertEquals(0xfffffffd_fffffffeL, returned(Trial.of("call bpf_get_current_uid_gid\nexit").task(task)));
        assertEquals(Layout.TASK, returned(Trial.of("call bpf_get_current_task\nexit").task(task)));
        assertEquals(Layout.TASK, returned(Trial.of("call bpf_get_current_task_btf\nexit").task(task)));
    }

    @ParameterizedTest
    @CsvSource({"16, worker", "7, worker", "6, worke", "1, ''"})
    void copiesTheCommandsName(int size, String expected) {
        byte[] context = new byte[16];
        Arrays.fill(context, (byte) 0xee);
        Observation seen = observe(
                Trial.of("r2 = " + size + "\ncall bpf_get_current_comm\nexit").context(context));
        assertEquals(0, seen.result().r0());
        byte[] wanted = context.clone();
        Arrays.fill(wanted, 0, size, (byte) 0);
        byte[] name = expected.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, wanted, 0, name.length);
        assertEquals(Bytes.of(wanted), seen.result().context());
    }

    @ParameterizedTest
    @CsvSource({"bpf_ktime_get_ns, 1000000000", "bpf_ktime_get_boot_ns, 1000000000",
        "bpf_ktime_get_coarse_ns, 1000000000",
        "bpf_ktime_get_tai_ns, 1767225638000000000", "bpf_jiffies64, 4294892546", "bpf_get_smp_processor_id, 1",
        "bpf_get_numa_node_id, 0"})
    void asksTheServices(String helper, long expected) {
        assertEquals(expected, returned(Trial.of("call " + helper + "\nexit").cpu(1)));
    }

    @Test
    void hasAClockThatGoesOn() {
        assertEquals(1000, returned("call bpf_ktime_get_ns\nr6 = r0\ncall bpf_ktime_get_ns\nr0 -= r6\nexit"));
        assertEquals(8_000_000, returned(Trial.of("call bpf_ktime_get_ns\ncall bpf_ktime_get_coarse_ns\nexit")
                .services(services -> services.withClock(Clock.stepping(1_000_000, 10_999_999)))));
    }

    @Test
    void drawsRandomNumbersOf32Bits() {
        assertEquals(0xfffffffbL, returned(
                Trial.of("call bpf_get_prandom_u32\nexit").services(services -> services.withRandom(() -> -5))));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {"\"42\", 0, 2, 42", "\"  -17x\", 0, 5, -17", "\"0x1F\", 0, 4, 31",
        "\"017\", 0, 3, 15",
        "\"0x1F\", 16, 4, 31", "\"1F\", 16, 2, 31", "\"19\", 8, 1, 1", "\"0x\", 0, 1, 0", "\"0xg\", 0, 1, 0",
        "\"9223372036854775807\", 10, 19, 9223372036854775807",
        "\"-9223372036854775808\", 10, 20, -9223372036854775808",
        "\"9223372036854775808\", 10, -34, 0", "\"-9223372036854775809\", 10, -34, 0",
        "\"99999999999999999999\", 10, -34, 0",
        "\"-18446744073709551615\", 10, -34, 0", "\"-0\", 10, 2, 0",
        "\"\", 0, -22, 0", "\"-\", 0, -22, 0", "\"+5\", 0, -22, 0", "\"x\", 0, -22, 0", "\"5\", 7, -22, 0",
        "\"5\", 32, -22, 0",
        "\"0x\", 16, -22, 0", "\"9\", 8, -22, 0"})
    void parsesSignedNumbers(String text, long base, long expected, long value) {
        assertParses("bpf_strtol", text, base, expected, value);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {"\"42\", 0, 2, 42", "\"18446744073709551615\", 0, 20, -1",
        "\"18446744073709551616\", 0, -34, 0",
        "\"-5\", 0, -22, 0", "\"-99999999999999999999\", 0, -34, 0", "\"0xffffffffffffffff\", 0, 18, -1"})
    void parsesUnsignedNumbers(String text, long base, long expected, long value) {
        assertParses("bpf_strtoul", text, base, expected, value);
    }

    /** The text is at offset 8 of the context with a 5 behind it, the result at 0, where there are ones before. */
    private void assertParses(String helper, String text, long base, long expected, long value) {
        byte[] context = new byte[8 + text.length() + 1];
        Arrays.fill(context, (byte) -1);
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, context, 8, text.length());
        context[context.length - 1] = '5';
        Observation seen = observe(
                Trial.of("r4 = r1\nr1 += 8\nr2 = " + text.length() + "\nr3 = " + base + "\ncall " + helper + "\nexit")
                        .context(context));
        assertEquals(expected, seen.result().r0());
        assertEquals(value, LittleEndian.get(seen.result().context().toArray(), 0, 8));
    }

    @Test
    void looksAtNoMoreThan63BytesOfANumber() {
        String zeroes = "0".repeat(70) + "7";
        assertParses("bpf_strtoul", zeroes, 10, 63, 0);
    }

    @ParameterizedTest
    @CsvSource({"abc, abc, 3, 0", "abc, abd, 3, -1", "abd, abc, 3, 1", "abc, abd, 2, 0", "abcx, abc, 4, 1",
        "abc, abcx, 3, 0"})
    void comparesStrings(String first, String second, int size, int expected) {
        byte[] context = new byte[32];
        System.arraycopy(first.getBytes(StandardCharsets.US_ASCII), 0, context, 0, first.length());
        System.arraycopy(second.getBytes(StandardCharsets.US_ASCII), 0, context, 16, second.length());
        assertEquals(expected,
                returned(Trial.of("r2 = " + size + "\nr3 = r1\nr3 += 16\ncall bpf_strncmp\nexit").context(context)));
    }

    @Test
    void comparesStringsAsUnsignedBytes() {
        assertEquals(1,
                returned(Trial.of("r2 = 1\nr3 = r1\nr3 += 1\ncall bpf_strncmp\nexit").context(bytes(0xff, 0x7f, 0))));
    }

    private static Trial printing(String format, String arguments) {
        return Trial.of("r2 = " + (format.length() + 1) + "\n" + arguments + "\ncall bpf_trace_printk\nexit")
                .context((format + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {"\"plain\", 0, \"plain\"", "\"100%%\", 0, \"100%\"", "\"%d\", -1, \"-1\"",
        "\"%d\", 0x1ffffffff ll, \"-1\"", "\"%u\", -1, \"4294967295\"", "\"%ld\", -1, \"-1\"",
        "\"%llu\", -1, \"18446744073709551615\"",
        "\"%x\", 0xabcdef, \"abcdef\"", "\"%X\", 0xabcdef, \"ABCDEF\"", "\"%lx\", -1, \"ffffffffffffffff\"",
        "\"[%5d]\", 42, \"[   42]\"", "\"[%-5d]\", 42, \"[42   ]\"", "\"[%05d]\", -42, \"[-0042]\"",
        "\"[%+d]\", 42, \"[+42]\"",
        "\"[% d]\", 42, \"[ 42]\"", "\"[%-05d]\", 42, \"[42   ]\"", "\"%c\", 65, \"A\"", "\"[%3c]\", 65, \"[  A]\"",
        "\"%px\", 0x1234, \"0000000000001234\"", "\"[%-px]\", 0x1234, \"[1234            ]\"",
        "\"[%20px]\", 0x1234, \"[                1234]\"", "\"%i\", -5, \"-5\"",
        "\"%p\", 0x1234, \"0000000000001234\"", "\"%ps\", 0x1234, \"0x1234\"", "\"%pxyz\", 1, \"0000000000000001\"",
        "\"[%16777215d]\", 42, \"[42]\"", "\"%s\", 0, \"\"", "\"%d\", 0x80000000 ll, \"-2147483648\""})
    void prints(String format, String argument, String expected) {
        Observation seen = observe(printing(format, "r3 = " + argument + "\nr4 = 0\nr5 = 0"));
        assertEquals(List.of("worker/0: " + expected), seen.trace());
        assertEquals(expected.length(), seen.result().r0());
    }

    @Test
    void printsThreeArguments() {
        assertEquals(List.of("worker/1: 1 2 3"),
                observe(printing("%d %d %d", "r3 = 1\nr4 = 2\nr5 = 3").cpu(1)).trace());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%q", "%d %d %d %d", "%hd", "%lc", "%.3d", "%#x", "%*d", "%5%", "%pq", "%pI5", "%sx",
        "\u0001", "%n", "%ls",
        "%e", "%pi", "%lp"})
    void refusesOtherFormats(String format) {
        Observation seen = observe(printing(format, "r3 = 1\nr4 = 2\nr5 = 3"));
        assertEquals(Errno.EINVAL.negative(), seen.result().r0());
        assertEquals(List.of(), seen.trace());
    }

    @Test
    void refusesAFormatWithoutTerminator() {
        Trial trial = Trial.of("r2 = 2\nr3 = 0\nr4 = 0\nr5 = 0\ncall bpf_trace_printk\nexit")
                .context(bytes('a', 'b', 0));
        assertEquals(Errno.EINVAL.negative(), returned(trial));
    }

    @Test
    void printsStringsFromMemory() {
        byte[] context = new byte[24];
        byte[] format = "%s, [%8s]".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(format, 0, context, 0, format.length);
        System.arraycopy("hello".getBytes(StandardCharsets.US_ASCII), 0, context, 16, 5);
        Observation seen = observe(
                Trial.of("r2 = 10\nr3 = r1\nr3 += 16\nr4 = r3\nr5 = 0\ncall bpf_trace_printk\nexit").context(context));
        assertEquals(List.of("worker/0: hello, [   hello]"), seen.trace());
    }

    @Test
    void printsAddressesOfTheInternet() {
        byte[] context = new byte[40];
        byte[] format = "%pI4 %pi4 %pI6".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(format, 0, context, 0, format.length);
        System.arraycopy(bytes(10, 0, 20, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 0, context, 16, 16);
        Observation seen = observe(Trial.of("r2 = 15\nr3 = r1\nr3 += 16\nr4 = r3\nr5 = r3\ncall bpf_trace_printk\nexit")
                .context(context));
        assertEquals(List.of("worker/0: 10.0.20.255 010.000.020.255 0a00:14ff:0102:0304:0506:0708:090a:0b0c"),
                seen.trace());
    }

    @Test
    void printsArgumentsFromMemory() {
        byte[] context = new byte[40];
        System.arraycopy("%d %d %d %d".getBytes(StandardCharsets.US_ASCII), 0, context, 0, 11);
        for (int i = 0; i < 3; i++) {
            LittleEndian.put(context, 16 + 8 * i, 8, i + 1);
        }
        String text = "r2 = 12\nr3 = r1\nr3 += 16\nr4 = %d\ncall bpf_trace_vprintk\nexit";
        assertEquals(Errno.EINVAL.negative(), returned(Trial.of(text.formatted(24)).context(context)), "too few");
        assertEquals(Errno.EINVAL.negative(), returned(Trial.of(text.formatted(25)).context(context)),
                "no whole number");
        assertEquals(Errno.EINVAL.negative(), returned(Trial.of(text.formatted(104)).context(context)), "too many");
        context[8] = ' ';
        context[9] = ' ';
        context[10] = '!';
        assertEquals(List.of("worker/0: 1 2 3  !"), observe(Trial.of(text.formatted(24)).context(context)).trace());
    }

    @ParameterizedTest
    @CsvSource({"16, 'n = 1234'", "5, 'n = '", "1, ''", "0, -"})
    void printsIntoMemory(int size, String expected) {
        byte[] context = new byte[40];
        Arrays.fill(context, (byte) 0xee);
        System.arraycopy("n = %d\0".getBytes(StandardCharsets.US_ASCII), 0, context, 16, 7);
        LittleEndian.put(context, 24, 8, 1234);
        Observation seen = observe(
                Trial.of("r3 = r1\nr3 += 16\nr4 = r1\nr4 += 24\nr5 = 8\nr2 = " + size + "\ncall bpf_snprintf\nexit")
                        .context(context));
        assertEquals(9, seen.result().r0(), "the whole text and its terminator");
        byte[] wanted = context.clone();
        if (size > 0) {
            System.arraycopy((expected + "\0").getBytes(StandardCharsets.US_ASCII), 0, wanted, 0,
                    expected.length() + 1);
        }
        assertEquals(Bytes.of(wanted), seen.result().context());
    }

    private static Trial probing(String helper, String address, int size) {
        byte[] context = new byte[16];
        Arrays.fill(context, (byte) 0xee);
        return Trial.of("r2 = " + size + "\nr3 = " + address + "\ncall " + helper + "\nexit").context(context)
                .services(services -> services.withKernelMemory(HelperContract::abc));
    }

    /** Kernel memory that holds "abc" and a terminator at an address of its own. */
    private static boolean abc(long address, byte[] target) {
        long offset = address - 0xffff_8880_0000_1000L;
        if (offset < 0 || offset + target.length > 4) {
            return false;
        }
        System.arraycopy(bytes('a', 'b', 'c', 0), (int) offset, target, 0, target.length);
        return true;
    }

    @ParameterizedTest
    @CsvSource({"bpf_probe_read_kernel, 0xffff888000001000 ll, 4, 0, 61626300eeeeeeee",
        "bpf_probe_read_kernel, 0xffff888000001001 ll, 2, 0, 6263eeeeeeeeeeee",
        "bpf_probe_read_kernel, 0xffff888000001001 ll, 4, -14, 00000000eeeeeeee",
        "bpf_probe_read_kernel, 0xffff888000000fff ll, 4, -14, 00000000eeeeeeee",
        "bpf_probe_read_kernel, 0, 4, -34, 00000000eeeeeeee",
        "bpf_probe_read_kernel, 0x7fffffffffff ll, 4, -34, 00000000eeeeeeee",
        "bpf_probe_read_kernel, 0x8000000000000000 ll, 4, -34, 00000000eeeeeeee",
        "bpf_probe_read_kernel, 0xffffffffff600000 ll, 4, -34, 00000000eeeeeeee",
        "bpf_probe_read_kernel, 0, 0, 0, eeeeeeeeeeeeeeee", "bpf_probe_read, 0, 4, -14, 00000000eeeeeeee",
        "bpf_probe_read, 0xffff888000001000 ll, 3, 0, 616263eeeeeeeeee",
        "bpf_probe_read_kernel_str, 0xffff888000001000 ll, 8, 4, 61626300eeeeeeee",
        "bpf_probe_read_kernel_str, 0xffff888000001000 ll, 2, 2, 6100eeeeeeeeeeee",
        "bpf_probe_read_kernel_str, 0xffff888000001005 ll, 4, -14, 00000000eeeeeeee",
        "bpf_probe_read_kernel_str, 0, 4, -34, 00000000eeeeeeee",
        "bpf_probe_read_kernel_str, 0, 0, 0, eeeeeeeeeeeeeeee",
        "bpf_probe_read_str, 0xffff888000001000 ll, 8, 4, 61626300eeeeeeee",
        "bpf_probe_read_str, 0x1000, 4, -14, 00000000eeeeeeee", "bpf_probe_read_user, 0x1000, 4, -14, 00000000eeeeeeee",
        "bpf_probe_read_user_str, 0x1000, 4, -14, 00000000eeeeeeee"})
    void readsAnyAddressWithoutAFault(String helper, String address, int size, long expected, String bytes) {
        Observation seen = observe(probing(helper, address, size));
        assertEquals(expected, seen.result().r0());
        assertEquals(bytes, HexFormat.of().formatHex(seen.result().context().toArray(), 0, 8));
    }

    @Test
    void readsTheProgramsOwnMemory() {
        assertEquals(0x1122334455667788L, returned("""
                r1 = 0x1122334455667788 ll
                *(u64 *)(r10 -8) = r1
                r1 = r10
                r1 += -16
                r2 = 8
                r3 = r10
                r3 += -8
                call bpf_probe_read_kernel
                r0 = *(u64 *)(r10 -16)
                exit"""));
    }

    @Test
    void doesNotReadWhereTheArenaHasNothing() {
        // Behind the stack, behind the context, and over the end of the context.
        for (long address : new long[]{Layout.STACK_TOP, Layout.CONTEXT + 16, Layout.CONTEXT + 12}) {
            assertEquals(Errno.EFAULT.negative(), returned(probing("bpf_probe_read_kernel",
                    "0x" + Long.toHexString(address) + " ll", 8)));
        }
    }

    @Test
    void faultsWhereAHelperWouldWriteOutsideOfTheArena() {
        faults(Fault.Memory.class, 3, Trial.of("r1 = 0\nr2 = 8\nr3 = 0\ncall bpf_probe_read_kernel\nexit")
                .services(services -> services.withKernelMemory(KernelMemory.NONE)));
        faults(Fault.Memory.class, 2, Trial.of("r1 = 0\nr2 = 16\ncall bpf_get_current_comm\nexit"));
    }
}
