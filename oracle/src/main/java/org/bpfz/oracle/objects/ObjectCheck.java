package org.bpfz.oracle.objects;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bpfz.loader.Adjustments;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.loader.BtfFiles;
import org.bpfz.loader.KernelTarget;
import org.bpfz.loader.MapDefinition;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.oracle.model.Refusals;
import org.bpfz.oracle.objects.Expected.Outcome;
import org.bpfz.oracle.objects.ObjectRow.Kind;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.MapCreationException;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.SectionRule;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * Loads one object as a user's loader would: maps are created and filled, each program is linked for the kernel and verified; what a table
 * expects to return something is run with an empty packet, on each engine.
 *
 * <p>Sections are read by what stands before their slash where libbpf has no rule for the whole name, as other loaders read them.
 */
final class ObjectCheck {
    /** The least that BPF_PROG_TEST_RUN takes is an Ethernet header. */
    private static final int PACKET = 15;

    private final Path file;
    private final String name;
    private final KernelTarget kernel;
    private final List<Engine> engines;
    private final List<Expected> table;
    private final List<ObjectRow> rows = new ArrayList<>();

    ObjectCheck(Path file, KernelTarget kernel, List<Engine> engines, List<Expected> table) {
        this.file = file;
        name = Objects.requireNonNull(file.getFileName()).toString();
        this.kernel = kernel;
        this.engines = engines;
        this.table = table;
    }

    /** A program that was loaded, and what is expected of it. */
    private record Ready(BpfObject object, BpfProgram program, ProgramImage image, Verdict.Accepted verdict) {}

    List<ObjectRow> rows() throws IOException {
        BpfObject opened;
        try {
            opened = BpfObject.open(file);
        } catch (BadObject e) {
            refused(Expected.OBJECT, String.valueOf(e.getMessage()));
            return rows;
        }
        if (opened.programs().isEmpty()) {
            objectAlone(opened);
        }
        Map<String, Ready> ready = new LinkedHashMap<>();
        for (BpfProgram program : opened.programs()) {
            load(opened, program, ready);
        }
        for (Ready each : ready.values()) {
            run(each, ready);
        }
        return rows;
    }

    private @Nullable Expected expected(String program) {
        return table.stream().filter(row -> row.isOf(name, program)).findFirst().orElse(null);
    }

    private void add(String program, Kind kind, String text) {
        rows.add(new ObjectRow(file.toString(), program, kind, text));
    }

    private void refused(String program, String reason) {
        Expected expected = expected(program);
        String text = reason.startsWith(file + ": ") ? reason.substring(file.toString().length() + 2) : reason;
        if (expected == null) {
            add(program, Kind.NOT_LOADED, text);
        } else if (expected.outcome() == Outcome.REFUSED) {
            add(program, Kind.REFUSED, text);
        } else {
            add(program, Kind.UNEXPECTED, "is refused: " + text + "; expected: " + expected.say());
        }
    }

    /** Types and maps only. */
    private void objectAlone(BpfObject opened) {
        try {
            Environment environment = engines.getFirst().open(Services.repeatable(1));
            createMaps(opened, environment);
            Expected expected = expected(Expected.OBJECT);
            boolean wrong = expected != null && expected.outcome() == Outcome.REFUSED;
            add(Expected.OBJECT, wrong ? Kind.UNEXPECTED : Kind.LOADED, "no programs, " + opened.maps().size()
                    + " maps");
        } catch (MapCreationException e) {
            refused(Expected.OBJECT, String.valueOf(e.getMessage()));
        }
    }

    private void load(BpfObject opened, BpfProgram program, Map<String, Ready> ready) throws IOException {
        Expected expected = expected(program.name());
        try {
            BpfObject object = adjusted(opened, expected).on(target(expected));
            ProgramImage image = object.program(typed(program));
            Btf types = object.target().types();
            Options options = Options.privileged().withLogLevel(0);
            switch (Verifier.verify(image, types == null ? options : options.withKernelBtf(types))) {
                case Verdict.Accepted accepted -> {
                    if (expected != null && expected.outcome() == Outcome.REFUSED) {
                        add(program.name(), Kind.UNEXPECTED, "is loaded; expected: " + expected.say());
                    } else {
                        ready.put(program.name(), new Ready(object, program, image, accepted));
                    }
                }
                case Verdict.Rejected rejected -> refused(program.name(), "the verifier refuses it with "
                        + rejected.errno() + " at instruction " + rejected.slot() + ": "
                        + Refusals.message(image, rejected));
            }
        } catch (BadObject e) {
            refused(program.name(), String.valueOf(e.getMessage()));
        }
    }

    private static BpfProgram typed(BpfProgram program) {
        int slash = program.section().indexOf('/');
        SectionRule rule = program.type() == null && slash > 0
                ? SectionRule.find(program.section().substring(0, slash))
                : null;
        return rule == null
                ? program
                : new BpfProgram(program.name(), program.section(), rule.type(), rule.attachType(), null,
                        rule.sleepable(), program.autoload());
    }

    private static BpfObject adjusted(BpfObject opened, @Nullable Expected expected) {
        Adjustments changes = Adjustments.NONE;
        if (expected != null) {
            for (MapDefinition map : opened.maps()) {
                String mapName = map.spec().name();
                String bytes = expected.contents().get(mapName.substring(Math.max(0, mapName.indexOf('.'))));
                if (bytes != null) {
                    changes = changes.withContents(mapName, Bytes.of(HexFormat.of().parseHex(bytes)));
                }
            }
        }
        return opened.with(changes);
    }

    private KernelTarget target(@Nullable Expected expected) throws IOException {
        String types = expected == null ? null : expected.types();
        if (types == null) {
            return kernel;
        }
        return kernel.withTypes(BtfFiles.read(file.resolveSibling(types), null));
    }

    private static List<BpfMap> createMaps(BpfObject object, Environment environment) {
        List<BpfMap> maps = object.maps().stream().map(definition -> environment.createMap(definition.spec()))
                .toList();
        Map<String, Integer> ids = new HashMap<>();
        maps.forEach(map -> ids.put(map.spec().name(), map.id()));
        for (int i = 0; i < maps.size(); i++) {
            BpfMap map = maps.get(i);
            if (map.spec().type() != MapType.PROG_ARRAY) {
                object.maps().get(i).slots().forEach((index, inner) -> put(map, index, ids.getOrDefault(inner, 0)));
            }
        }
        return maps;
    }

    private static void put(BpfMap map, int index, int id) {
        int error = map.update(LittleEndian.bytes(index, Integer.BYTES), LittleEndian.bytes(id, Integer.BYTES),
                BpfMap.ANY);
        if (error != 0) {
            throw new IllegalStateException(map.spec().name() + "[" + index + "]: " + error);
        }
    }

    private void run(Ready ready, Map<String, Ready> all) {
        Expected expected = expected(ready.program.name());
        if (expected == null || expected.outcome() != Outcome.RETURNS) {
            add(ready.program.name(), Kind.LOADED,
                    ready.verdict.statistics().instructions() + " instructions verified");
            return;
        }
        try {
            Result first = null;
            for (Engine engine : engines) {
                Result result = run(engine, ready, all);
                if (first != null && !first.equals(result)) {
                    add(ready.program.name(), Kind.UNEXPECTED, "engines differ: " + engines.getFirst().name() + " "
                            + first.r0() + ", " + engine.name() + " " + result.r0());
                    return;
                }
                first = first == null ? result : first;
            }
            conclude(ready.program.name(), Objects.requireNonNull(first), expected);
        } catch (MapCreationException e) {
            refused(ready.program.name(), String.valueOf(e.getMessage()));
        }
    }

    private void conclude(String program, Result result, Expected expected) {
        if (result.fault() != null) {
            add(program, Kind.UNEXPECTED, result.fault().explain() + "; expected: " + expected.say());
        } else if ((int) result.r0() != expected.value()) {
            add(program, Kind.UNEXPECTED, "returns " + (int) result.r0() + "; expected: " + expected.say());
        } else {
            add(program, Kind.RAN, expected.say());
        }
    }

    /** A run beside all programs that the object's prog arrays name. */
    private static Result run(Engine engine, Ready ready, Map<String, Ready> all) {
        Environment environment = engine.open(Services.repeatable(1));
        List<BpfMap> maps = createMaps(ready.object, environment);
        for (int i = 0; i < maps.size(); i++) {
            BpfMap map = maps.get(i);
            if (map.spec().type() == MapType.PROG_ARRAY) {
                ready.object.maps().get(i).slots().forEach((index, program) -> {
                    Ready other = all.get(program);
                    if (other != null) {
                        put(map, index, environment.load(other.image, maps, other.verdict.facts()).id());
                    }
                });
            }
        }
        Executable executable = environment.load(ready.image, maps, ready.verdict.facts());
        return executable.run(Invocation.context(new byte[ContextLayout.of(ready.image.type()).size()])
                .packet(new byte[PACKET]).build());
    }
}
