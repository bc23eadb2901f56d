package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.bpfz.loader.KernelConfig;
import org.bpfz.loader.KernelTarget;
import org.bpfz.loader.api.LoadedObject;
import org.bpfz.loader.api.MapHandle;
import org.bpfz.loader.api.ProgramHandle;
import org.bpfz.loader.api.ProgramRefusedException;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.KernelProfile;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedMap;
import org.bpfz.oracle.attach.PinFolder.PinnedProgram;
import org.bpfz.oracle.attach.TracedKernel;
import org.bpfz.oracle.model.Engines;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.Attr;
import org.bpfz.spec.bpf.BpfKernel;
import org.bpfz.spec.engine.TraceSink;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code bpfz prog load} and {@code loadall}: an object through the modelled bpf(2), and what stays of it. */
@CommandLine.Command(description = {
    "Loads an object on the modelled kernel and pins its first program, or with loadall each, in the words of bpftool prog:",
    "load OBJ PATH [map {idx N | name NAME} MAP]... [pinmaps DIR]; loadall OBJ DIR ... MAP is pinned PATH, id N or name NAME.",
    "Exit 0: loaded; 1: the kernel refuses, with the verifier's log on standard error."}, sortOptions = false)
final class ProgLoadCommand extends PinnedCommand {
    private static final String EXAMPLE = "limits.bpf.o /sys/fs/bpf/limits";
    private static final int INFO_BYTES = 232;

    private final boolean all;

    @Option(names = "--kernel", paramLabel = "V", defaultValue = "6.12", description = "Which kernel: 6.12 or 4.12. Default: ${DEFAULT-VALUE}.")
    private String kernelName = "";

    @Option(names = "--btf", paramLabel = "F", description = "Types of the kernel in the place of the built-in ones.")
    private @Nullable Path btf;

    @Option(names = "--config", paramLabel = "F", description = "The kernel's configuration, for externs.")
    private @Nullable Path config;

    @Option(names = {"-j",
        "--json"}, description = "One JSON document: {} when loaded, as bpftool prints it, else the error.")
    private boolean json;

    ProgLoadCommand(Terminal terminal, boolean all) {
        super(terminal);
        this.all = all;
    }

    @Override
    Integer call(PinFolder folder, Words line) throws IOException {
        Path file = Path.of(line.take("an object", EXAMPLE));
        String path = line.take("a path", EXAMPLE);
        requirePath(path);
        BpfObject object = Inputs.object(file);
        Map<String, String> reused = new HashMap<>();
        String pinMaps = null;
        while (!line.isEmpty()) {
            if (line.take("map")) {
                reused.put(mapName(object, line), Selector.map(folder, line).path());
            } else if (line.take("pinmaps")) {
                pinMaps = line.take("a folder", "pinmaps /sys/fs/bpf/maps");
            } else {
                line.end();
            }
        }
        KernelProfile profile = profile();
        TracedKernel kernel = new TracedKernel(profile, Engines.named(Engines.SPECIFICATION), TraceSink.NONE);
        BpfObject target = withPins(object.on(target(profile)), folder, kernel, reused);
        try (LoadedObject loaded = target.load(kernel.door())) {
            return keep(folder, file, path, loaded, kernel, new Kept(reused, pinMaps));
        } catch (ProgramRefusedException e) {
            terminal.err().print(e.log());
            return complain(e.getMessage());
        }
    }

    /** Maps that the user has named for the object's, and where the others are to be pinned. */
    private record Kept(Map<String, String> reused, @Nullable String pinMaps) {}

    private KernelProfile profile() throws IOException {
        KernelProfile profile = KernelProfile.named(kernelName);
        if (profile == null) {
            throw new InputException("--kernel " + kernelName + ": 6.12 and 4.12 are modelled");
        }
        return btf == null ? profile : profile.withTypes(BtfFiles.read(btf, null));
    }

    private KernelTarget target(KernelProfile profile) throws IOException {
        return config == null ? profile.target() : profile.target().withConfig(KernelConfig.read(config));
    }

    private static String mapName(BpfObject object, Words line) {
        if (line.take("idx")) {
            String index = line.take("a number", "map idx 0 pinned PATH");
            if (!index.matches("\\d{1,6}") || Integer.parseInt(index) >= object.maps().size()) {
                throw new InputException("map idx " + index + ": the object has " + object.maps().size() + " maps");
            }
            return object.maps().get(Integer.parseInt(index)).spec().name();
        }
        if (!line.take("name")) {
            throw new InputException("map: idx N or name NAME is next");
        }
        return line.take("a name", "map name NAME pinned PATH");
    }

    /** The object with the maps that the user has named, which are pinned on the modelled kernel for the loader to find. */
    private static BpfObject withPins(BpfObject object, PinFolder folder, TracedKernel kernel,
            Map<String, String> reused) {
        Adjustments changes = object.adjustments();
        int number = 0;
        for (Map.Entry<String, String> entry : reused.entrySet()) {
            PinnedMap pinned = Objects.requireNonNull(folder.map(entry.getValue()));
            String path = PinFolder.MOUNT + "reused" + number++;
            MapFiles.create(kernel.door(), pinned).pin(path);
            changes = changes.withPin(entry.getKey(), path);
        }
        return object.with(changes);
    }

    private Integer keep(PinFolder folder, Path file, String path, LoadedObject loaded, TracedKernel kernel, Kept kept)
            throws IOException {
        List<ProgramHandle> programs = new ArrayList<>(loaded.programs().values());
        if (programs.isEmpty()) {
            throw new InputException(file, "no program that is loaded by itself");
        }
        Map<String, ProgramHandle> pins = new LinkedHashMap<>();
        if (all) {
            programs.forEach(program -> pins.put(path + "/" + program.name(), program));
        } else {
            pins.put(path, programs.getFirst());
        }
        for (String pin : pins.keySet()) {
            if (folder.isTaken(pin)) {
                return complain(pin + " is taken: " + Errno.EEXIST);
            }
        }
        Map<String, String> maps = keepMaps(folder, loaded, kernel, kept);
        String copy = folder.keep(file);
        pins.forEach((pin, program) -> folder.put(pin,
                describe(folder.nextProgramId(), copy, program, kernel, maps)));
        folder.save();
        if (json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject().endObject();
            Json.end(writer, terminal);
        }
        return ExitCode.OK;
    }

    private static Map<String, String> keepMaps(PinFolder folder, LoadedObject loaded, TracedKernel kernel, Kept kept) {
        Map<String, String> places = new HashMap<>();
        for (MapHandle map : loaded.maps().values()) {
            String place = kept.reused().get(map.name());
            if (place == null) {
                int id = folder.nextMapId();
                place = kept.pinMaps() == null
                        ? PinFolder.held(id)
                        : kept.pinMaps() + "/" + map.name().replace('.', '_');
                folder.put(place, PinFolder.describe(id, Objects.requireNonNull(kernel.door().map(map.fd()))).named(
                        map.name()));
            }
            places.put(map.name(), place);
        }
        return places;
    }

    private static PinnedProgram describe(int id, String object, ProgramHandle program, TracedKernel kernel,
            Map<String, String> maps) {
        BpfKernel door = kernel.door();
        long address = door.memory().put(new byte[INFO_BYTES]);
        door.bpf(org.bpfz.spec.bpf.Command.OBJ_GET_INFO_BY_FD, new Attr.Info(program.fd(), INFO_BYTES, address));
        byte[] info = Objects.requireNonNull(door.memory().read(address, INFO_BYTES));
        int bytes = ByteBuffer.wrap(info).order(ByteOrder.LITTLE_ENDIAN).getInt(20);
        ProgramImage image = program.image();
        Map<String, String> used = new HashMap<>();
        image.code().stream().filter(slot -> slot.loads(ImmKind.MAP_IDX) || slot.loads(ImmKind.MAP_IDX_VALUE))
                .map(slot -> image.maps().get(slot.imm()).name())
                .forEach(name -> used.put(name, Objects.requireNonNull(maps.get(name))));
        return new PinnedProgram(id, object, program.name(), image.type().toolName(),
                HexFormat.of().formatHex(Arrays.copyOfRange(info, 8, 16)), image.isGplCompatible(), bytes,
                Instant.now().getEpochSecond(), kernel.profile().name(), used);
    }

    private Integer complain(String message) throws IOException {
        if (json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject().name("error").value(message).endObject();
            Json.end(writer, terminal);
        } else {
            terminal.err().println("Error: " + message);
        }
        return ExitCode.NO;
    }

    /** The program of a pin, linked again for its kernel. */
    static ProgramImage image(PinFolder folder, PinnedProgram pinned) throws IOException {
        KernelProfile profile = KernelProfile.named(pinned.kernel());
        BpfObject object = BpfObject.open(folder.object(pinned.object()))
                .on(profile == null ? KernelTarget.UNKNOWN : profile.target());
        for (BpfProgram program : object.programs()) {
            if (program.name().equals(pinned.program())) {
                return object.program(program);
            }
        }
        throw new InputException(folder.object(pinned.object()), "is no longer the object with program '"
                + pinned.program() + "'");
    }
}
