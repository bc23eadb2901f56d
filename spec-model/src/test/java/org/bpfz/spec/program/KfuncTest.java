package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.spec.peer.KernelSource;
import org.bpfz.spec.program.TableReader.Block;
import org.bpfz.spec.program.TableReader.Row;
import org.junit.jupiter.api.Test;

/** Kernel functions that programs may call, held to the kernel's own sets. */
class KfuncTest {
    private static final Pattern ENTRY = Pattern.compile("BTF_ID_FLAGS\\(func,\\s*(\\w+)\\s*(?:,([^)]*))?\\)");
    private static final Pattern FLAG = Pattern.compile("KF_(\\w+)");
    private static final Pattern SET = Pattern.compile("btf_kfunc_id_set\\s+(\\w+)\\s*=\\s*\\{([^}]*)\\}");
    private static final Pattern IDS = Pattern.compile("\\.set\\s*=\\s*&(\\w+)");
    private static final Pattern REGISTRATION = Pattern
            .compile("register_btf_kfunc_id_set\\(BPF_PROG_TYPE_(\\w+),\\s*&(\\w+)\\)");

    private static ProgramTraits program(ProgramType type, AttachType attach) {
        return new ProgramTraits(type, attach, null, false, Capability.all(), Set.of());
    }

    @Test
    void aFunctionIsForThePrograms() {
        assertNotNull(Kfunc.allowed("bpf_rcu_read_lock", program(ProgramType.SOCKET_FILTER, null)));
        assertNotNull(Kfunc.allowed("bpf_task_acquire", program(ProgramType.TRACEPOINT, null)));
        assertNull(Kfunc.allowed("bpf_task_acquire", program(ProgramType.SOCKET_FILTER, null)));
        assertNull(Kfunc.allowed("bpf_task_acquire", program(ProgramType.RAW_TRACEPOINT, null)));
        assertNull(Kfunc.allowed("no_such_function", program(ProgramType.XDP, null)));
    }

    @Test
    void aFilterRefuses() {
        assertNotNull(Kfunc.allowed("bpf_path_d_path", program(ProgramType.LSM, AttachType.LSM_MAC)));
        assertNull(Kfunc.allowed("bpf_path_d_path", program(ProgramType.TRACING, AttachType.TRACE_FENTRY)));
        assertNull(Kfunc.allowed("bpf_sock_destroy", program(ProgramType.TRACING, AttachType.TRACE_FENTRY)));
        assertNotNull(Kfunc.allowed("bpf_sock_destroy", program(ProgramType.TRACING, AttachType.TRACE_ITER)));
    }

    @Test
    void flagsAndHooksAreTheKernels() throws IOException {
        Optional<KernelSource> source = KernelSource.find();
        if (source.isEmpty()) {
            System.out.println("Kernel functions are not compared: " + KernelSource.MISSING);
        }
        assumeTrue(source.isPresent());
        int compared = 0;
        for (Block block : TableReader.blocks("kfuncs.txt")) {
            String[] place = block.head().comment().split(", ", -1);
            String text = Files.readString(source.get().resolve(place[1]));
            assertEquals(hooksInSource(text, place[0]), hooks(block.head()), place[0]);
            if (!place[0].equals("xdp_metadata_kfunc_ids")) {
                // That set is made by a macro over a list in a header.
                Map<String, Set<KfuncFlag>> expected = entriesInSource(text, place[0]);
                assertEquals(expected, entries(block), place[0]);
                compared += expected.size();
            }
        }
        assertTrue(compared > 100, () -> "too few functions found in the source");
    }

    private static Set<KfuncHook> hooks(Row head) {
        Set<KfuncHook> hooks = EnumSet.noneOf(KfuncHook.class);
        head.from(2).forEach(hook -> hooks.add(KfuncHook.valueOf(hook)));
        return hooks;
    }

    private static Map<String, Set<KfuncFlag>> entries(Block block) {
        Map<String, Set<KfuncFlag>> entries = new TreeMap<>();
        for (Row row : block.rows()) {
            if (!row.cell(0).equals("if")) {
                Set<KfuncFlag> flags = EnumSet.noneOf(KfuncFlag.class);
                row.from(1).forEach(flag -> flags.add(KfuncFlag.valueOf(flag.toUpperCase(Locale.ROOT))));
                entries.put(row.cell(0), flags);
            }
        }
        return entries;
    }

    private static Map<String, Set<KfuncFlag>> entriesInSource(String text, String ids) {
        int from = text.indexOf("BTF_KFUNCS_START(" + ids + ")");
        int to = text.indexOf("BTF_KFUNCS_END(" + ids + ")");
        assertTrue(from >= 0 && to > from, () -> ids + " is not where the table says");
        Map<String, Set<KfuncFlag>> entries = new TreeMap<>();
        Matcher entry = ENTRY.matcher(text.substring(from, to));
        while (entry.find()) {
            Set<KfuncFlag> flags = EnumSet.noneOf(KfuncFlag.class);
            Matcher flag = FLAG.matcher(entry.group(2) == null ? "" : entry.group(2));
            while (flag.find()) {
                flags.add(KfuncFlag.valueOf(flag.group(1)));
            }
            entries.put(entry.group(1), flags);
        }
        return entries;
    }

    private static Set<KfuncHook> hooksInSource(String text, String ids) {
        Map<String, String> idsOfSet = new HashMap<>();
        Matcher set = SET.matcher(text);
        while (set.find()) {
            Matcher of = IDS.matcher(set.group(2));
            if (of.find()) {
                idsOfSet.put(set.group(1), of.group(1));
            }
        }
        Set<KfuncHook> hooks = EnumSet.noneOf(KfuncHook.class);
        Matcher registration = REGISTRATION.matcher(text);
        while (registration.find()) {
            if (ids.equals(idsOfSet.get(registration.group(2)))) {
                ProgramType type = ProgramType.valueOf(registration.group(1));
                KfuncHook hook = type == ProgramType.UNSPEC ? KfuncHook.COMMON : KfuncHook.of(type);
                hooks.add(hook == null ? KfuncHook.COMMON : hook);
            }
        }
        return hooks;
    }
}
