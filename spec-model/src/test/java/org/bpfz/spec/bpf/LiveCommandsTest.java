package org.bpfz.spec.bpf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.bpfz.spec.live.LiveBpf;
import org.bpfz.spec.live.RequiresLiveKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every command with attributes that are good or wrong in one place: the model answers as the machine's kernel does. Nothing is attached.
 *
 * <p>A later kernel than 6.12 has longer attributes; what it takes there is left out by {@link #LONGER}.
 */
class LiveCommandsTest {
    /** Commands whose last field a kernel after 6.12 has put further back (docs/BPF.md). */
    private static final Set<Command> LONGER = EnumSet.of(Command.MAP_CREATE, Command.PROG_LOAD,
            Command.PROG_GET_FD_BY_ID, Command.MAP_GET_FD_BY_ID, Command.BTF_GET_FD_BY_ID, Command.PROG_QUERY);
    /** Turns something on, is answered by a task, or by the kernel's own types, which the model does not list. */
    private static final Set<Command> LEFT_OUT = EnumSet.of(Command.ENABLE_STATS, Command.TASK_FD_QUERY,
            Command.BTF_GET_NEXT_ID);

    private static final int[] RETURN_ZERO = {0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0};
    private static final int SOCKET_FILTER = 1;
    private static final int RAW_TRACEPOINT = 17;
    private static final int SYSCALL = 31;

    private final LiveBpf real = new LiveBpf();
    private final Side live = new Side(real);
    private final BpfKernel kernel = LiveBpfTest.model();
    private final Side modelled = new Side(kernel);
    private final List<String> differences = new ArrayList<>();

    @BeforeAll
    static void needsKernel() {
        RequiresLiveKernel.orSkip(LiveCommandsTest.class);
    }

    @AfterEach
    void close() {
        for (int i = 0; i < live.count(); i++) {
            live.close(i);
        }
        real.close();
    }

    private void same(String what, CallBuilder call) {
        String expected = live.make(call.build());
        String answered = modelled.make(call.build());
        if (!expected.equals(answered)) {
            differences.add(what + ": the kernel says " + expected + ", the model " + answered);
        }
    }

    private void none() {
        assertEquals("", String.join("\n", differences));
    }

    @Test
    void lengthsAndBytesBehindTheLastField() {
        for (int command : new int[]{-1, 40, 99, Integer.MAX_VALUE}) {
            same("command " + command, CallBuilder.of(command));
        }
        for (Command command : Command.values()) {
            int end = AttrCodec.of(command.form()).fields().getLast().end();
            if (!LEFT_OUT.contains(command)) {
                same(command + " of zeroes", CallBuilder.of(command));
                same(command + " of nothing", CallBuilder.of(command).length(0));
                same(command + " of its fields", CallBuilder.of(command).length(end));
                same(command + " with zeroes behind", CallBuilder.of(command).length(4096));
                same(command + " with a byte behind", CallBuilder.of(command).length(4096).octet(4095, 1));
                same(command + " too long", CallBuilder.of(command).length(4097));
            }
            if (!LEFT_OUT.contains(command) && !LONGER.contains(command)) {
                for (int offset = end; offset < Attr.BYTES; offset += 3) {
                    same(command + " with byte " + offset, CallBuilder.of(command).octet(offset, 1));
                }
            }
        }
        none();
    }

    private CallBuilder load(int type) {
        return CallBuilder.of(Command.PROG_LOAD).number(0, type).number(4, 2).pointer(8, RETURN_ZERO).text(16, "GPL")
                .number(44, type == SYSCALL ? 16 : 0).opens();
    }

    @Test
    void loadingAndRunningPrograms() {
        for (int type : new int[]{SOCKET_FILTER, RAW_TRACEPOINT, SYSCALL}) {
            same("load " + type, load(type));
        }
        same("no instructions", load(SOCKET_FILTER).number(4, 0));
        same("too many", load(SOCKET_FILTER).number(4, 1_000_001));
        same("no code", CallBuilder.of(Command.PROG_LOAD).number(0, 1).number(4, 2).pointer(8).text(16, "GPL"));
        same("no licence", CallBuilder.of(Command.PROG_LOAD).number(0, 1).number(4, 2).pointer(8, RETURN_ZERO)
                .pointer(16));
        same("type 0", load(0));
        same("type 200", load(200));
        same("a flag", load(SOCKET_FILTER).number(44, 1 << 20));
        same("a name", load(SOCKET_FILTER).number(48, '-'));
        same("a log without room", load(SOCKET_FILTER).number(24, 1).pointer(32, 0));
        same("a log without level", load(SOCKET_FILTER).number(28, 128).pointer(32, 0));
        same("a level of 16", load(SOCKET_FILTER).number(24, 16).number(28, 1).pointer(32, 0));
        same("an attach type", load(SYSCALL).number(68, 1));
        same("an attach type that does not matter", load(SOCKET_FILTER).number(68, 1));
        same("a target without use", load(SOCKET_FILTER).number(108, 1));
        same("a program to attach to", load(SOCKET_FILTER).fd(112, 99));
        same("records without types", load(SOCKET_FILTER).fd(72, 99).number(76, 8).number(88, 1).pointer(80, 0, 0, 0,
                0, 1, 0, 0, 0));
        for (int index = 0; index < 3; index++) {
            testRuns(index);
        }
        none();
    }

    /** The tag is a SHA-1 in 6.12 and a SHA-256 in 6.18 (bpf_prog_calc_tag in kernel/bpf/core.c): all else that is told is alike. */
    @Test
    void whatIsToldOfPrograms() throws NoSuchAlgorithmException {
        for (int type : new int[]{SOCKET_FILTER, RAW_TRACEPOINT, SYSCALL}) {
            same("load " + type, load(type).text(16, type == RAW_TRACEPOINT ? "MIT" : "GPL").number(48, 'x'));
        }
        byte[] code = new byte[RETURN_ZERO.length];
        for (int i = 0; i < code.length; i++) {
            code[i] = (byte) RETURN_ZERO[i];
        }
        byte[] old = Arrays.copyOf(MessageDigest.getInstance("SHA-1").digest(code), 8);
        byte[] later = Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(code), 8);
        for (int index = 0; index < 3; index++) {
            byte[] told = info(real, live.fd(index));
            byte[] modelled = info(kernel, this.modelled.fd(index));
            assertArrayEquals(old, Arrays.copyOfRange(modelled, 8, 16));
            byte[] tag = Arrays.copyOfRange(told, 8, 16);
            assertTrue(Arrays.equals(old, tag) || Arrays.equals(later, tag), HexFormat.of().formatHex(tag));
            // Type, length, user, maps, name, licence, functions and lines.
            for (int[] part : new int[][]{{0, 4}, {20, 24}, {48, 56}, {64, 88}, {144, 152}, {172, 180}, {180, 184},
                {220, 228}}) {
                assertArrayEquals(Arrays.copyOfRange(told, part[0], part[1]),
                        Arrays.copyOfRange(modelled, part[0], part[1]), "bytes from " + part[0]);
            }
        }
        none();
    }

    private static byte[] info(BpfSystemCall door, int fd) {
        byte[] room = new byte[232];
        long address = door.memory().put(room);
        assertEquals(0, door.bpf(Command.OBJ_GET_INFO_BY_FD, new Attr.Info(fd, room.length, address)));
        return door.memory().read(address, room.length);
    }

    private void testRuns(int index) {
        String which = "program " + index + " ";
        CallBuilder[] calls = {run(index), run(index).number(32, 1), run(index).number(64, 1), run(index).number(68, 1),
            run(index).number(72, 1), run(index).number(40, 8), run(index).pointer(48, 0, 0, 0, 0),
            run(index).number(40, 8).pointer(48, new int[8]), run(index).number(40, 8).pointer(48),
            run(index).number(44, 8), run(index).number(44, 8).pointer(56, new int[8]),
            run(index).number(8, 13).pointer(16, new int[13]), run(index).number(8, 64).pointer(16),
            run(index).number(8, 64).pointer(16, new int[64]).output(12),
            run(index).number(8, 64).pointer(16, new int[64]).number(12, 10).bytes(24, new byte[64], 10),
            run(index).number(8, 64).pointer(16, new int[64]).number(32, 5).output(12),
            run(index).number(8, 1 << 20).pointer(16, new int[64])};
        for (int i = 0; i < calls.length; i++) {
            same(which + "run " + i, calls[i].output(4));
        }
    }

    private static CallBuilder run(int index) {
        return CallBuilder.of(Command.PROG_TEST_RUN).fd(0, index);
    }

    @Test
    void whatIsNotAttached() {
        same("load", load(SOCKET_FILTER));
        same("load", load(RAW_TRACEPOINT));
        same("load", load(SYSCALL));
        for (int index : new int[]{0, 1, 2, 9}) {
            String which = "program " + index;
            for (int attach = 0; attach < 57; attach++) {
                same(which + " link " + attach,
                        CallBuilder.of(Command.LINK_CREATE).fd(0, index).fd(4, 9).number(8, attach));
                same(which + " attach " + attach, CallBuilder.of(Command.PROG_ATTACH).fd(0, 9).fd(4, index)
                        .number(8, attach));
                same(which + " attach with flag " + attach, CallBuilder.of(Command.PROG_ATTACH).fd(0, 9).fd(4, index)
                        .number(8, attach).number(12, 1 << 30));
                same(which + " detach " + attach, CallBuilder.of(Command.PROG_DETACH).fd(0, 9).fd(4, index)
                        .number(8, attach));
                same(which + " query " + attach, CallBuilder.of(Command.PROG_QUERY).fd(0, 9).number(4, attach));
            }
            same(which + " raw tracepoint",
                    CallBuilder.of(Command.RAW_TRACEPOINT_OPEN).fd(8, index).text(0, "bpfz_none"));
            same(which + " no name", CallBuilder.of(Command.RAW_TRACEPOINT_OPEN).fd(8, index).pointer(0));
            same(which + " update", CallBuilder.of(Command.LINK_UPDATE).fd(0, index).fd(4, index));
            same(which + " update with flag", CallBuilder.of(Command.LINK_UPDATE).fd(0, index).number(8, 1));
            same(which + " detach link", CallBuilder.of(Command.LINK_DETACH).fd(0, index));
            same(which + " iterate", CallBuilder.of(Command.ITER_CREATE).fd(0, index));
            same(which + " iterate with flag", CallBuilder.of(Command.ITER_CREATE).fd(0, index).number(4, 1));
            same(which + " bind", CallBuilder.of(Command.PROG_BIND_MAP).fd(0, index).fd(4, index));
            same(which + " token", CallBuilder.of(Command.TOKEN_CREATE).fd(4, index).number(0, 1));
        }
        none();
    }

    @Test
    void programsAndMapsInMaps() {
        same("prog array", create(3, 4, 4, 4));
        same("array of what", create(2, 4, 8, 4));
        same("array of maps", create(12, 4, 4, 4).fd(20, 1));
        same("hash of maps", create(13, 4, 4, 4).fd(20, 1));
        same("another array", create(2, 4, 4, 4));
        same("map of a prog array", create(12, 4, 4, 4).fd(20, 0));
        same("map of maps of maps", create(12, 4, 4, 4).fd(20, 2));
        same("socket filter", load(SOCKET_FILTER));
        same("raw tracepoint", load(RAW_TRACEPOINT));
        int program = 5;
        int other = 6;
        for (int outer : new int[]{0, 2, 3}) {
            for (int inner : new int[]{1, 4, program, other, 0, 2, 99}) {
                for (int flags = 0; flags < 4; flags++) {
                    same(outer + "[1] = " + inner + " with " + flags, put(outer, 1, inner, flags));
                }
                same(outer + "[9] = " + inner, put(outer, 9, inner, 0));
                same("is it there", CallBuilder.of(Command.MAP_LOOKUP_ELEM).fd(0, outer).pointer(8, 1, 0, 0, 0)
                        .pointer(16, 0, 0, 0, 0));
            }
            same("delete", CallBuilder.of(Command.MAP_DELETE_ELEM).fd(0, outer).pointer(8, 1, 0, 0, 0));
            same("delete again", CallBuilder.of(Command.MAP_DELETE_ELEM).fd(0, outer).pointer(8, 1, 0, 0, 0));
        }
        none();
    }

    private static CallBuilder create(int type, int key, int value, int entries) {
        return CallBuilder.of(Command.MAP_CREATE).number(0, type).number(4, key).number(8, value).number(12, entries)
                .opens();
    }

    private static CallBuilder put(int outer, int key, int inner, int flags) {
        return CallBuilder.of(Command.MAP_UPDATE_ELEM).fd(0, outer).pointer(8, key, 0, 0, 0)
                .bytes(16, new byte[4], 0).valueFd(inner).number(24, flags);
    }

    @Test
    void pins() throws IOException {
        Path mount = Path.of(BpfFileSystem.MOUNT);
        Assumptions.assumeTrue(Files.exists(mount.resolve("maps.debug")), "no BPF file system is mounted");
        Path folder = mount.resolve("bpfz-test-" + ProcessHandle.current().pid());
        Files.createDirectory(folder);
        kernel.mkdir(folder.toString());
        try {
            same("map", create(2, 4, 8, 4));
            same("program", load(SOCKET_FILTER));
            for (String path : new String[]{folder + "/a", folder + "/a", folder + "/b/", folder + "/b.c",
                folder + "/missing/a", folder + "/a/b", folder.toString(), folder + "/", "/sys/fs/x", "",
                folder + "/.", folder + "/..", folder + "//c", folder + "/../" + folder.getFileName() + "/d",
                folder + "/" + "n".repeat(255), folder + "/" + "n".repeat(256), "/" + "n/".repeat(2100)}) {
                for (int index : new int[]{0, 1, 9}) {
                    same("pin " + index + " at " + path, CallBuilder.of(Command.OBJ_PIN).text(0, path).fd(8, index));
                }
                same("get " + path, CallBuilder.of(Command.OBJ_GET).text(0, path).opens());
                same("get to read " + path, CallBuilder.of(Command.OBJ_GET).text(0, path).number(12, 8).opens());
                same("get for nothing " + path, CallBuilder.of(Command.OBJ_GET).text(0, path).number(12, 24));
                same("get with a flag " + path, CallBuilder.of(Command.OBJ_GET).text(0, path).number(12, 1));
                same("get in a folder " + path, CallBuilder.of(Command.OBJ_GET).text(0, path).number(16, 1));
            }
            same("no path", CallBuilder.of(Command.OBJ_PIN).pointer(0).fd(8, 0));
            same("pin flags", CallBuilder.of(Command.OBJ_PIN).text(0, folder + "/e").fd(8, 0).number(12, 8));
            for (int index = 0; index < live.count(); index++) {
                same("write through " + index, CallBuilder.of(Command.MAP_UPDATE_ELEM).fd(0, index)
                        .pointer(8, 1, 0, 0, 0).bytes(16, new byte[8], 0));
                same("info of " + index, CallBuilder.of(Command.OBJ_GET_INFO_BY_FD).fd(0, index).number(4, 80)
                        .bytes(8, new byte[256], 4).output(4));
            }
        } finally {
            try (var pinned = Files.list(folder)) {
                for (Path each : pinned.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(folder);
        }
        none();
    }

    @Test
    void ids() {
        for (Command command : new Command[]{Command.MAP_GET_NEXT_ID, Command.PROG_GET_NEXT_ID,
            Command.BTF_GET_NEXT_ID, Command.LINK_GET_NEXT_ID}) {
            same("behind all", CallBuilder.of(command).number(0, Integer.MAX_VALUE - 1));
            same("too large", CallBuilder.of(command).number(0, Integer.MAX_VALUE));
            same("negative", CallBuilder.of(command).number(0, -1));
        }
        for (Command command : new Command[]{Command.MAP_GET_FD_BY_ID, Command.PROG_GET_FD_BY_ID,
            Command.BTF_GET_FD_BY_ID, Command.LINK_GET_FD_BY_ID}) {
            same(command + " 0", CallBuilder.of(command).number(0, 0));
            same(command + " none", CallBuilder.of(command).number(0, 2_000_000_000));
        }
        same("flags", CallBuilder.of(Command.MAP_GET_FD_BY_ID).number(8, 1));
        same("both directions", CallBuilder.of(Command.MAP_GET_FD_BY_ID).number(8, 24));
        none();
    }
}
