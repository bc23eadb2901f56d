package org.bpfz.loader.gen;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.loader.MapDefinition;
import org.bpfz.loader.Variables;
import org.bpfz.loader.Variables.Place;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.jspecify.annotations.Nullable;

/**
 * Writes a Java class for an object, as {@code bpftool gen skeleton} writes a C header: the object itself, and a method for each map, program
 * and global variable, so that a misspelt name is a compiler's error.
 *
 * <p>The class opens, adjusts, loads, attaches and closes by way of {@link org.bpfz.loader.api}; sections of variables are nested classes.
 */
public final class Skeleton {
    /** What fits into a string constant of a class file, with room to spare. */
    private static final int CHUNK = 60_000;

    /** Names that the class uses itself. */
    private static final Set<String> OWN = Set.of("Maps", "Programs", "Opened", "Data_", "Base64", "List",
            "Adjustments",
            "BpfObject", "KernelTarget", "LinkHandle", "LoadedObject", "MapHandle", "ProgramHandle", "TypedBytes",
            "BpfSystemCall", "String", "StringBuilder", "Object", "AutoCloseable", "Override", "SuppressWarnings");

    private final BpfObject object;
    private final String className;
    private final StringBuilder out = new StringBuilder();

    private Skeleton(BpfObject object, String className) {
        this.object = object;
        this.className = OWN.contains(className) || className.endsWith("Section") ? className + "Object" : className;
    }

    /**
     * The source of the class.
     *
     * @param bytes       the object file
     * @param className   null for the file's name without what is behind its first dot
     * @param packageName null for none
     */
    public static String of(BpfObject object, byte[] bytes, @Nullable String className,
            @Nullable String packageName) {
        Skeleton skeleton = new Skeleton(object,
                className == null ? classNameOf(object.name()) : JavaNames.identifier(className));
        skeleton.write(bytes, packageName);
        return skeleton.out.toString();
    }

    /** The class that is written for a file: {@code Limits} for {@code limits.bpf.o}. */
    public static String classNameOf(String file) {
        String base = file.substring(file.lastIndexOf('/') + 1);
        int dot = base.indexOf('.');
        return JavaNames.capitalized(dot > 0 ? base.substring(0, dot) : base);
    }

    private void line(int level, String text) {
        out.append("    ".repeat(level)).append(text).append('\n');
    }

    private void write(byte[] bytes, @Nullable String packageName) {
        Map<String, List<Place>> sections = new LinkedHashMap<>();
        for (Place place : Variables.of(object)) {
            sections.computeIfAbsent(place.section(), _ -> new ArrayList<>()).add(place);
        }
        String file = object.name().substring(object.name().lastIndexOf('/') + 1);
        line(0, "// Written by bpfz gen skeleton from " + file + ".");
        if (packageName != null) {
            line(0, "package " + packageName + ";\n");
        }
        for (String name : List.of("java.util.Base64", "java.util.List", "org.bpfz.loader.Adjustments",
                "org.bpfz.loader.BpfObject", "org.bpfz.loader.KernelTarget", "org.bpfz.loader.api.LinkHandle",
                "org.bpfz.loader.api.LoadedObject", "org.bpfz.loader.api.MapHandle",
                "org.bpfz.loader.api.ProgramHandle", "org.bpfz.loader.api.TypedBytes",
                "org.bpfz.spec.bpf.BpfSystemCall")) {
            line(0, "import " + name + ";");
        }
        line(0, "\n/** " + file + ", loaded; closing it unloads it. */");
        line(0, "@SuppressWarnings(\"unused\")");
        line(0, "public final class " + className + " implements AutoCloseable {");
        line(1, "private final LoadedObject loaded;\n");
        line(1, "private " + className + "(LoadedObject loaded) {");
        line(2, "this.loaded = loaded;");
        line(1, "}\n");
        writeOpening(file, sections);
        writeLoaded(sections);
        sections.forEach(this::writeSection);
        writeBytes(bytes);
        line(0, "}");
    }

    private void writeOpening(String file, Map<String, List<Place>> sections) {
        line(1, "/** The object, parsed, to be adjusted and loaded. */");
        line(1, "public static Opened open() {");
        line(2, "return new Opened(BpfObject.open(\"" + file.replace("\\", "\\\\").replace("\"", "\\\"")
                + "\", Base64.getDecoder().decode(Data_.text())));");
        line(1, "}\n");
        line(1, "/** Opened, and not loaded yet. Immutable: each change is a new one. */");
        line(1, "public record Opened(BpfObject object) {");
        line(2, "/** For a kernel of which more is known: types, configuration. */");
        line(2, "public Opened on(KernelTarget kernel) {");
        line(3, "return new Opened(object.on(kernel));");
        line(2, "}\n");
        line(2, "/** With sizes of maps, programs left out, pins. */");
        line(2, "public Opened with(Adjustments changes) {");
        line(3, "return new Opened(object.with(changes));");
        line(2, "}\n");
        JavaNames names = new JavaNames();
        for (Place place : sections.values().stream().flatMap(List::stream).toList()) {
            String type = javaType(place);
            if (type != null && !place.section().equals(".kconfig")) {
                line(2, "/** With another value of {@code " + place.name() + "} of section " + place.section()
                        + ". */");
                line(2, "public Opened " + names.unique("set" + JavaNames.capitalized(place.name())) + "(" + type
                        + " value) {");
                line(3, "return new Opened(object.withVariable(\"" + place.name() + "\", "
                        + (type.equals("boolean") ? "value ? 1 : 0" : "value") + "));");
                line(2, "}\n");
            }
        }
        line(2, "/** Creates the maps and loads the programs. */");
        line(2, "public " + className + " load(BpfSystemCall kernel) {");
        line(3, "return new " + className + "(object.load(kernel));");
        line(2, "}");
        line(1, "}\n");
    }

    private void writeLoaded(Map<String, List<Place>> sections) {
        line(1, "/** What was loaded. */");
        line(1, "public LoadedObject loaded() {");
        line(2, "return loaded;");
        line(1, "}\n");
        line(1, "/** Attaches all programs to what their sections name; the links are closed with this. */");
        line(1, "public List<LinkHandle> attach() {");
        line(2, "return loaded.attachAll();");
        line(1, "}\n");
        line(1, "@Override");
        line(1, "public void close() {");
        line(2, "loaded.close();");
        line(1, "}\n");
        accessor("Maps", "maps", "The maps.");
        accessor("Programs", "programs", "The programs.");
        JavaNames names = new JavaNames();
        sections.keySet().forEach(section -> accessor(sectionClass(section), names.unique(sectionMethod(section)),
                "The variables of section " + section + "."));
        line(1, "/** A method for each map. */");
        line(1, "public final class Maps {");
        JavaNames maps = new JavaNames();
        for (MapDefinition map : object.maps()) {
            String name = map.spec().name();
            getter("MapHandle", maps.unique(name), "loaded.map(\"" + name + "\")");
        }
        line(1, "}\n");
        line(1, "/** Methods for each program. */");
        line(1, "public final class Programs {");
        JavaNames programs = new JavaNames();
        for (BpfProgram program : object.programs()) {
            String name = programs.unique(program.name());
            getter("ProgramHandle", name, "loaded.program(\"" + program.name() + "\")");
            getter("LinkHandle", programs.unique("attach" + JavaNames.capitalized(name)), name + "().attach()");
        }
        line(1, "}\n");
    }

    private void getter(String type, String name, String value) {
        line(2, "public " + type + " " + name + "() {");
        line(3, "return " + value + ";");
        line(2, "}\n");
    }

    private void accessor(String type, String method, String comment) {
        line(1, "/** " + comment + " */");
        line(1, "public " + type + " " + method + "() {");
        line(2, "return new " + type + "();");
        line(1, "}\n");
    }

    private static String sectionMethod(String section) {
        return JavaNames.identifier(section.substring(1));
    }

    private static String sectionClass(String section) {
        return JavaNames.capitalized(section.substring(1)) + "Section";
    }

    private void writeSection(String section, List<Place> places) {
        line(1, "/** Variables of section " + section + ", as they are in the kernel. */");
        line(1, "public final class " + sectionClass(section) + " {");
        JavaNames getters = new JavaNames();
        JavaNames setters = new JavaNames();
        boolean readOnly = section.startsWith(".rodata") || section.equals(".kconfig");
        for (Place place : places) {
            String type = javaType(place);
            String variable = "loaded.variable(\"" + place.name() + "\")";
            String setter = setters.unique("set" + JavaNames.capitalized(place.name()));
            getter(type == null ? "TypedBytes" : type, getters.unique(place.name()),
                    type == null ? variable + ".get()" : converted(type, variable + ".getLong()"));
            if (!readOnly) {
                line(2, "public void " + setter + "(" + (type == null ? "TypedBytes" : type) + " value) {");
                line(3, variable + (type == null
                        ? ".set(value.bytes());"
                        : ".setLong(" + (type.equals("boolean") ? "value ? 1 : 0" : "value") + ");"));
                line(2, "}\n");
            }
        }
        line(1, "}\n");
    }

    private static String converted(String type, String value) {
        return switch (type) {
            case "boolean" -> value + " != 0";
            case "long" -> value;
            default -> "(" + type + ") " + value;
        };
    }

    /** The Java type that holds every value of a variable, null where it is no number. */
    private @Nullable String javaType(Place place) {
        Btf types = object.btf().orElseThrow();
        return switch (types.resolved(place.type())) {
            case BtfType.Int integer when integer.encoding() == BtfType.IntEncoding.BOOL -> "boolean";
            case BtfType.Int integer -> number(integer.size(), integer.encoding() == BtfType.IntEncoding.SIGNED);
            case BtfType.Enumeration enumeration -> number(enumeration.size(), enumeration.signed());
            case BtfType.Ptr _ -> "long";
            default -> null;
        };
    }

    private static @Nullable String number(long size, boolean signed) {
        return switch ((int) size) {
            case 1 -> signed ? "byte" : "int";
            case 2 -> signed ? "short" : "int";
            case 4 -> signed ? "int" : "long";
            case 8 -> "long";
            default -> null;
        };
    }

    /** The object as text, in a class that is only loaded when it is opened. */
    private void writeBytes(byte[] bytes) {
        String text = Base64.getEncoder().encodeToString(bytes);
        line(1, "/** The object file. */");
        line(1, "private static final class Data_ {");
        line(2, "static String text() {");
        line(3, "StringBuilder text = new StringBuilder();");
        for (int from = 0; from < text.length(); from += CHUNK) {
            line(3, "text.append(\"" + text.substring(from, Math.min(text.length(), from + CHUNK)) + "\");");
        }
        line(3, "return text.toString();");
        line(2, "}");
        line(1, "}");
    }
}
