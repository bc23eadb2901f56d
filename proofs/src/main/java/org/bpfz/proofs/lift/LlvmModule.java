package org.bpfz.proofs.lift;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The functions of a textual LLVM module (LLVM 19 language reference), cut into basic blocks of one line an instruction. */
public final class LlvmModule {
    /** A function: what it takes and its blocks, the first one being where it is entered. */
    record Function(String name, List<Parameter> parameters, LinkedHashMap<String, List<String>> blocks) {}

    /** A parameter: its type and the register that holds it. */
    record Parameter(String type, String register) {}

    private static final Pattern DEFINE = Pattern.compile("^define .*@([\\w.]+)\\((.*)\\)[^()]*\\{$");
    private static final Pattern PARAMETER = Pattern.compile("^\\s*(\\S+)\\s.*?(%[\\w.]+)$");
    private static final Pattern LABEL = Pattern.compile("^([\\w.]+):.*$");

    private final Map<String, Function> functions = new HashMap<>();

    private LlvmModule() {
    }

    /** Reads a module. */
    public static LlvmModule parse(String text) {
        LlvmModule module = new LlvmModule();
        Function current = null;
        List<String> block = null;
        StringBuilder pending = new StringBuilder();
        for (String line : Splitter.on('\n').split(text)) {
            Matcher define = DEFINE.matcher(line);
            if (define.matches()) {
                List<Parameter> parameters = parameters(define.group(2));
                current = new Function(define.group(1), parameters, new LinkedHashMap<>());
                block = new ArrayList<>();
                // The entry block has no label; its number is the one after the parameters'.
                current.blocks.put(Integer.toString(parameters.size()), block);
            } else if (line.equals("}") && current != null) {
                module.functions.put(current.name, current);
                current = null;
            } else if (current != null && block != null) {
                Matcher label = LABEL.matcher(line);
                if (label.matches()) {
                    block = new ArrayList<>();
                    current.blocks.put(label.group(1), block);
                } else if (!line.isBlank()) {
                    // A switch spans lines, up to its closing bracket.
                    pending.append(line.strip()).append(' ');
                    boolean inSwitch = pending.indexOf("switch") == 0;
                    if (!inSwitch || line.strip().equals("]")) {
                        block.add(pending.toString().strip());
                        pending.setLength(0);
                    }
                }
            }
        }
        return module;
    }

    private static List<Parameter> parameters(String text) {
        List<Parameter> parameters = new ArrayList<>();
        for (String one : Splitter.on(", ").omitEmptyStrings().split(text)) {
            Matcher parameter = PARAMETER.matcher(one);
            if (!parameter.matches()) {
                throw new LiftException("a parameter of this form: " + one);
            }
            parameters.add(new Parameter(parameter.group(1), parameter.group(2)));
        }
        return parameters;
    }

    @Nullable
    Function function(String name) {
        return functions.get(name);
    }
}
