package org.bpfz.loader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bpfz.loader.api.LoadedObject;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfExt;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.SectionRule;
import org.jspecify.annotations.Nullable;

/**
 * An object file made by a compiler for BPF, opened as libbpf opens it: programs, maps, licence and types.
 *
 * <p>Opening checks the whole file; {@link #program} links one program and can still refuse it, for what it uses. Immutable.
 */
public final class BpfObject {
    private static final int MAX_FILE_SIZE = 64 << 20;
    private static final int LICENCE_LENGTH = 63;
    /** Sections that mean something for the whole object, of which there is at most one. */
    private static final Set<String> SINGLE = Set.of(CodeSection.TEXT, "license", "version", LegacyMaps.SECTION,
            BtfMaps.SECTION, BtfMaps.ARENA_SECTION, ".BTF", ".BTF.ext");
    private static final String EXCEPTION_CALLBACK = "exception_callback:";

    private final ElfFile file;
    private final KernelTarget target;
    private final Adjustments adjustments;
    private final CodeRelocator relocator;
    private final ExternLinker externs;
    private final int configMap;
    private final List<CodeSection> code;
    private final @Nullable CodeSection text;
    private final Map<Name, Entry> programs;
    private final List<MapDefinition> maps;
    private final String licence;
    private final int kernelVersion;
    private final @Nullable Btf btf;
    private final @Nullable BtfExt ext;
    private final @Nullable String typesRefusal;

    /** What tells programs apart. */
    private record Name(String section, String function) {}

    /** An entry program and where its code is. */
    private record Entry(BpfProgram program, CodeSection section, Function function) {}

    private BpfObject(ElfFile file, KernelTarget target, Adjustments adjustments) {
        this.file = file;
        this.target = target;
        this.adjustments = adjustments;
        if (file.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedObject(file.name(),
                    "a big-endian object, and the modelled machine is little-endian (clang -target bpfel)");
        }
        refuseDoubles();
        CodeReader reader = new CodeReader(file);
        List<CodeSection> unlinked = new ArrayList<>();
        for (ElfSection section : file.sections()) {
            if (CodeReader.isCode(section)) {
                unlinked.add(
                        new CodeSection(section, reader.instructions(section), reader.functions(section), Map.of()));
            }
        }
        ObjectTypes types = new ObjectTypes(file);
        Btf written = types.written().orElse(null);
        ext = written == null ? null : types.extension(written).orElse(null);
        Externs declared = Externs.read(file, written);
        externs = new ExternLinker(file, declared, written, target);
        relocator = new CodeRelocator(file, written, ext, target);
        ObjectTypes.Completed completed = written == null ? null : types.complete(written, unlinked, declared);
        btf = completed == null ? null : completed.btf();
        typesRefusal = completed == null ? null : completed.refusal();
        ObjectMaps objectMaps = ObjectMaps.read(file, btf, declared);
        configMap = objectMaps.config();
        maps = withConfig(typesRefusal == null
                ? objectMaps.definitions()
                : objectMaps.definitions().stream().map(MapDefinition::withoutTypes).toList());
        ReferenceReader references = new ReferenceReader(file, objectMaps, btf);
        code = unlinked.stream().map(section -> section.withReferences(references.read(section))).toList();
        text = code.stream().filter(CodeSection::isText).findFirst().orElse(null);
        programs = findPrograms();
        licence = readLicence();
        kernelVersion = readVersion();
    }

    /**
     * Opens an object file.
     *
     * @throws IOException if the file can not be read
     * @throws BadObject   if it is no usable object; the message is one line with file, place and reason
     */
    public static BpfObject open(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_FILE_SIZE + 1);
            if (bytes.length > MAX_FILE_SIZE) {
                throw new UnsupportedObject(path.toString(),
                        "more than " + (MAX_FILE_SIZE >> 20) + " MiB, too large for an object");
            }
            return open(path.toString(), bytes);
        }
    }

    /**
     * Opens an object that is in memory; the bytes are kept and must not change.
     *
     * @param name stands for the file's name in messages and in the names of data maps
     * @throws BadObject if it is no usable object; the message is one line with name, place and reason
     */
    public static BpfObject open(String name, byte[] bytes) {
        return new BpfObject(ElfFile.read(name, bytes), KernelTarget.UNKNOWN, Adjustments.NONE);
    }

    /**
     * The same object for a kernel of which more is known: its programs are relocated and its externs resolved on that.
     *
     * <p>Without, programs that need either are refused.
     */
    public BpfObject on(KernelTarget kernel) {
        return new BpfObject(file, kernel, adjustments);
    }

    /**
     * The same object with what its user has changed.
     *
     * @throws BadObject if there is no program or map of a name
     */
    public BpfObject with(Adjustments changes) {
        for (String name : changes.autoload().keySet()) {
            if (programs().stream().noneMatch(program -> program.name().equals(name))) {
                throw new UnsupportedObject(file.name(), "there is no program '" + name + "'; there are "
                        + programNames());
            }
        }
        for (Set<String> names : List.of(changes.maxEntries().keySet(), changes.contents().keySet(),
                changes.pins().keySet())) {
            for (String name : names) {
                MapSpec spec = maps.stream().map(MapDefinition::spec).filter(map -> map.name().equals(name)).findFirst()
                        .orElseThrow(() -> new UnsupportedObject(file.name(), "there is no map '" + name + "'"));
                Bytes value = changes.contents().get(name);
                boolean data = spec.initial() != null || spec.name().contains(".");
                if (value != null && (!data || value.length() != spec.valueSize())) {
                    throw new UnsupportedObject(file.name(), "map '" + name + "' holds " + spec.valueSize()
                            + " bytes of variables, and is given " + value.length());
                }
            }
        }
        return new BpfObject(file, target, changes);
    }

    /**
     * The same object with another value of a global variable, which is an integer, a pointer or an enumeration: read-only ones too, so that
     * the verifier knows it.
     *
     * @throws BadObject if there is no such variable
     */
    public BpfObject withVariable(String name, long value) {
        Variables.Place place = variable(name);
        byte[] contents = place.initial().toArray();
        LittleEndian.put(contents, place.offset(), Math.min(place.size(), Long.BYTES), value);
        return with(adjustments.withContents(place.map(), Bytes.of(contents)));
    }

    /**
     * Where a global variable is.
     *
     * @throws BadObject if there is no such variable
     */
    public Variables.Place variable(String name) {
        return Variables.of(this).stream().filter(place -> place.name().equals(name)).findFirst()
                .orElseThrow(() -> new UnsupportedObject(file.name(), "there is no variable '" + name + "'"));
    }

    /** What has been changed since it was opened. */
    public Adjustments adjustments() {
        return adjustments;
    }

    /**
     * Creates the maps and loads the programs.
     *
     * @throws BadObject                                if a program can not be linked
     * @throws org.bpfz.loader.api.BpfCallException if the kernel refuses something; of a program, with the whole log
     */
    public LoadedObject load(BpfSystemCall kernel) {
        return LoadedObject.load(this, kernel);
    }

    private List<MapDefinition> withConfig(List<MapDefinition> definitions) {
        List<MapDefinition> all = new ArrayList<>(definitions);
        if (configMap >= 0) {
            all.set(configMap, all.get(configMap).withInitial(Bytes.of(externs.configData())));
        }
        return all.stream().map(adjustments::adjust).toList();
    }

    private void refuseDoubles() {
        Set<String> seen = new HashSet<>();
        for (ElfSection section : file.sections()) {
            if (SINGLE.contains(section.name()) && !seen.add(section.name())) {
                throw file.malformed(section.offset(), "more than one section '" + section.name() + "'");
            }
        }
    }

    private Map<Name, Entry> findPrograms() {
        Map<Name, Entry> found = new LinkedHashMap<>();
        for (CodeSection section : code) {
            if (section.isText()) {
                continue;
            }
            for (Function function : section.functions()) {
                BpfProgram program = adjustments.adjust(program(section.section().name(), function.name()));
                Name name = new Name(program.section(), program.name());
                if (found.put(name, new Entry(program, section, function)) != null) {
                    throw file.malformed(section.offset(function.start()),
                            "two programs '" + function.name() + "' in section '" + program.section() + "'");
                }
            }
        }
        return found;
    }

    private static BpfProgram program(String sectionName, String name) {
        boolean autoload = !sectionName.startsWith("?");
        String section = autoload ? sectionName : sectionName.substring(1);
        SectionRule rule = SectionRule.find(section);
        return rule == null
                ? new BpfProgram(name, section, null, null, null, false, autoload)
                : new BpfProgram(name, section, rule.type(), rule.attachType(), rule.target(section), rule.sleepable(),
                        autoload);
    }

    /** The text of section {@code license} up to its zero, at most 63 bytes (bpf_object__init_license). */
    private String readLicence() {
        byte[] bytes = file.section("license").map(file::contents).orElse(new byte[0]);
        int length = 0;
        while (length < Math.min(bytes.length, LICENCE_LENGTH) && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private int readVersion() {
        Optional<ElfSection> section = file.section("version");
        if (section.isEmpty()) {
            return 0;
        }
        byte[] bytes = file.contents(section.get());
        if (bytes.length != Integer.BYTES) {
            throw file.malformed(section.get().offset(), "section 'version' has " + bytes.length + " bytes and not 4");
        }
        return ByteBuffer.wrap(bytes).order(file.order()).getInt();
    }

    /** The file's name, as it was given. */
    public String name() {
        return file.name();
    }

    /** The entry programs, in the order of their sections and of their places in them. */
    public List<BpfProgram> programs() {
        return programs.values().stream().map(Entry::program).toList();
    }

    /** The maps, in the order of the indices that programs use. */
    public List<MapDefinition> maps() {
        return maps;
    }

    /** What the object says about its licence; empty if nothing. */
    public String licence() {
        return licence;
    }

    /** What the object says about the kernel that it is for (KERNEL_VERSION), 0 if nothing; kernels ignore it since 5.0. */
    public int kernelVersion() {
        return kernelVersion;
    }

    /** The object's types with all sections completed; empty if it was compiled without. */
    public Optional<Btf> btf() {
        return Optional.ofNullable(btf);
    }

    /**
     * Why a kernel would not take the object's types, empty if it would or there are none. Programs and maps then go without, as
     * with libbpf: the verifier has no lines to quote, and verifies no function by its type.
     */
    public Optional<String> typesRefusal() {
        return Optional.ofNullable(typesRefusal);
    }

    /**
     * Links the program with a name.
     *
     * @throws BadObject if there is none, or it can not be linked
     */
    public ProgramImage program(String programName) {
        return programs().stream().filter(program -> program.name().equals(programName)).findFirst()
                .map(this::program).orElseThrow(() -> new UnsupportedObject(file.name(),
                        "there is no program '" + programName + "'; there are " + programNames()));
    }

    private String programNames() {
        return programs.isEmpty()
                ? "none"
                : String.join(", ", programs().stream().map(BpfProgram::name).toList());
    }

    /**
     * Links a program of this object, which may have been given another type than its section says.
     *
     * @throws BadObject if it has no type, or can not be linked
     */
    public ProgramImage program(BpfProgram program) {
        if (program.type() == null) {
            throw new UnsupportedObject(file.name(), "program '" + program.name() + "': the name of section '"
                    + program.section() + "' says nothing about its type");
        }
        Entry entry = entry(program);
        Linker linker = new Linker(file, entry.section(), text, relocator, externs, configMap);
        linker.link(entry.function());
        exceptionCallback(program).ifPresent(linker::append);
        ProgramBtf types = btf == null ? null : linker.types(btf, ext);
        List<MapSpec> specs = maps.stream().map(MapDefinition::spec).toList();
        return ProgramImage.builder(program.name(), program.type()).section(program.section())
                .attachType(program.attachType()).attachTarget(program.attachTarget()).sleepable(program.sleepable())
                .licence(licence).code(linker.code()).maps(specs).btf(typesRefusal == null ? types : null)
                .unresolved(linker.unresolved()).build();
    }

    private Entry entry(BpfProgram program) {
        Entry entry = programs.get(new Name(program.section(), program.name()));
        if (entry == null) {
            throw new UnsupportedObject(file.name(), "there is no program '" + program.name() + "' in section '"
                    + program.section() + "'");
        }
        return entry;
    }

    /** The function that a tag on the program names as what runs after bpf_throw (bpf_prog_assign_exc_cb). */
    private Optional<Function> exceptionCallback(BpfProgram program) {
        int id = btf == null ? 0 : btf.find(BtfType.Func.class, program.name()).orElse(0);
        if (btf == null || id == 0) {
            return Optional.empty();
        }
        List<String> names = btf.tags(id, -1).stream().map(BtfType.DeclTag::name)
                .filter(name -> name.startsWith(EXCEPTION_CALLBACK)).toList();
        if (names.size() != 1) {
            // The verifier refuses more than one, whether they are there or not.
            return Optional.empty();
        }
        String name = names.getFirst().substring(EXCEPTION_CALLBACK.length());
        Optional<Function> found = text == null
                ? Optional.empty()
                : text.functions().stream().filter(function -> function.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            throw new UnsupportedObject(file.name(), "program '" + program.name() + "': there is no function '" + name
                    + "' for its exception callback");
        }
        return found;
    }

    /**
     * Carries out the CO-RE relocations of every function, as {@link #program} does for the functions of one program, and says of each
     * what came of it; in the order of the sections and of the functions in them.
     */
    public List<CoreStep> relocations() {
        List<CoreStep> steps = new ArrayList<>();
        for (CodeSection section : code) {
            for (Function function : section.functions()) {
                steps.addAll(relocator.steps(section, function,
                        new ArrayList<>(section.code().subList(function.start(), function.end()))));
            }
        }
        return steps;
    }

    /** What is known of the kernel that the object is for. */
    public KernelTarget target() {
        return target;
    }
}
