package org.bpfz.spec.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.spec.peer.KernelSource;

/**
 * Fills a C file with pieces of the kernel's source: a line {@code @function kernel/bpf/helpers.c bpf_base_func_proto} becomes that
 * function, and so with enums, structs, defines and arrays.
 *
 * <p>It cuts by what the kernel's style guarantees: definitions begin in the first column and end with a brace there.
 */
final class KernelCuts {
    private static final Pattern DIRECTIVE = Pattern.compile("(?m)^\\s*@(\\w+)(?: (\\S+))?(?: (\\S+))?$");
    private static final Pattern PROTOTYPE = Pattern
            .compile("(?m)^(?:static )?const struct bpf_func_proto (\\w+)(?: __weak)? = +\\{\\n(.*?)^\\};",
                    Pattern.DOTALL);
    private static final Pattern OPERATIONS = Pattern
            .compile("(?m)^(?:static )?const struct bpf_verifier_ops (\\w+) = \\{\\n(.*?)^\\};", Pattern.DOTALL);

    private final KernelSource source;
    private final Map<String, String> files = new TreeMap<>();
    private final List<String> prototypes = new ArrayList<>();
    private final List<String> idNames = new ArrayList<>();
    private final List<String> constants;

    /**
     * Cuts from a source tree.
     *
     * @param constants names of C constants that {@code @constants} lists
     */
    KernelCuts(KernelSource source, List<String> constants) {
        this.source = source;
        this.constants = constants;
    }

    /** The template with all cuts made. */
    String fill(String template) {
        StringBuilder filled = new StringBuilder();
        Matcher matcher = DIRECTIVE.matcher(template);
        while (matcher.find()) {
            matcher.appendReplacement(filled, Matcher.quoteReplacement(
                    cut(matcher.group(1), String.valueOf(matcher.group(2)), String.valueOf(matcher.group(3)))));
        }
        matcher.appendTail(filled);
        String text = filled.toString();
        return text.replace("@configs", configs(text)).replace("@root", source.resolve("").toString());
    }

    private String cut(String what, String file, String name) {
        return switch (what) {
            case "function" -> function(file, name);
            case "enum", "struct" -> find(file, "(?m)^" + what + " " + name + " \\{.*?^\\};", 0);
            case "define" -> find(file, "(?m)^#\\s*define " + name + "\\b(?:[^\\n]*\\\\\\n)*[^\\n]*", 0);
            case "array" -> find(file, "(?m)^static const [\\w* ]+\\b" + name + "\\[\\] = \\{.*?^\\};", 0);
            case "set" -> set(file, name);
            case "ids" -> ids(file, name);
            case "prototypes" -> prototypes(file);
            case "operations" -> operations(file);
            case "idnames" -> String.join("\n", idNames);
            case "prototypenames" -> lines(prototypes, "{ \"%1$s\", &%1$s },");
            case "constants" -> lines(constants, "{ \"%1$s\", %1$s },");
            case "configs" -> "@configs";
            default -> throw new IllegalStateException("no such cut: @" + what);
        };
    }

    /** A function's definition with the line or lines of its return type, made static. */
    private String function(String file, String name) {
        String definition = find(file, "(?m)^[a-z][^;{}#]*\\b" + name + "\\([^;{}]*\\)\\n+\\{.*?^\\}", 0);
        return definition.startsWith("static") ? definition : "static " + definition;
    }

    private String prototypes(String file) {
        StringBuilder cut = new StringBuilder();
        Matcher matcher = PROTOTYPE.matcher(text(file));
        while (matcher.find()) {
            prototypes.add(matcher.group(1));
            cut.append("static const struct bpf_func_proto ").append(matcher.group(1)).append(" = {\n")
                    .append(matcher.group(2).replaceAll("(?m)^\\s*\\.func\\s*=.*$", "")).append("};\n");
        }
        return cut.toString();
    }

    private String operations(String file) {
        StringBuilder cut = new StringBuilder();
        Matcher matcher = OPERATIONS.matcher(text(file));
        while (matcher.find()) {
            cut.append("static const struct bpf_verifier_ops ").append(matcher.group(1)).append(" = {\n");
            matcher.group(2).lines().filter(line -> line.matches("\\s*\\.(get_func_proto|is_valid_access)\\b.*"))
                    .forEach(line -> cut.append(line).append('\n'));
            cut.append("};\n");
        }
        return cut.toString();
    }

    /** A set of BTF ids of functions, as their names. */
    private String set(String file, String name) {
        String body = find(file, "(?m)^BTF_SET_START\\(" + name + "\\)(.*?)^BTF_SET_END", 1);
        List<String> members = new ArrayList<>();
        Matcher matcher = Pattern.compile("BTF_ID\\(func, (\\w+)\\)").matcher(body);
        while (matcher.find()) {
            members.add('"' + matcher.group(1) + '"');
        }
        return "static const struct btf_id_set " + name + " = { " + members.size() + ", { " + String.join(", ", members)
                + " } };";
    }

    /** A list of BTF ids of structures, whose names go into {@code @idnames}. */
    private String ids(String file, String name) {
        String list = find(file,
                "(?m)^BTF_ID_LIST(?:_GLOBAL)?(?:_SINGLE)?\\(" + name + "(.*?\\)(?:\\nBTF_ID\\(struct, \\w+\\))*)", 1);
        Matcher matcher = Pattern.compile("struct, (\\w+)\\)").matcher(list);
        int count = 0;
        while (matcher.find()) {
            idNames.add("{ &" + name + "[" + count++ + "], \"" + matcher.group(1) + "\" },");
        }
        return "static u32 " + name + "[" + count + "];";
    }

    /** Every option that the text, or a header that it includes whole, asks for: set. */
    private String configs(String text) {
        StringBuilder all = new StringBuilder(text);
        Matcher include = Pattern.compile("#include \"@root/(include/linux/[^\"]+)\"").matcher(text);
        while (include.find()) {
            all.append(text(include.group(1)));
        }
        Set<String> names = new LinkedHashSet<>();
        Matcher option = Pattern.compile("\\bCONFIG_\\w+").matcher(all);
        while (option.find()) {
            names.add(option.group());
        }
        return lines(List.copyOf(names), "#define %s 1");
    }

    private String find(String file, String regex, int group) {
        Matcher matcher = Pattern.compile(regex, Pattern.DOTALL).matcher(text(file));
        if (!matcher.find()) {
            throw new IllegalStateException(file + " has nothing like " + regex);
        }
        return matcher.group(group);
    }

    private String text(String file) {
        return files.computeIfAbsent(file, name -> {
            try {
                return Files.readString(source.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(name, e);
            }
        });
    }

    private static String lines(List<String> names, String format) {
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            lines.append(String.format(Locale.ROOT, format, name)).append('\n');
        }
        return lines.toString();
    }
}
