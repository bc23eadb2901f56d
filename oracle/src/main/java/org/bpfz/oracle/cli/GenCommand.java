package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.gen.Skeleton;
import org.bpfz.oracle.InputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz gen}: sources for objects, in bpftool's grammar. */
@CommandLine.Command(description = {
    "Writes sources for an object, in the words of bpftool gen: skeleton OBJ [name NAME].",
    "skeleton prints a Java class with a method for each map, program and global variable, which compiles against bpfz."}, sortOptions = false)
final class GenCommand extends Command {
    private static final String EXAMPLE = "skeleton limits.bpf.o name Limits";
    private static final int MAX_SIZE = 64 << 20;

    @Parameters(index = "0..*", paramLabel = "WORD", description = "As above.")
    private List<String> words = List.of();

    @Option(names = "--package", paramLabel = "P", description = "The class's package; default: none.")
    private @Nullable String packageName;

    @Option(names = {"-j", "--json"}, description = "One JSON document with the class's name and source.")
    private boolean json;

    GenCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Words line = new Words(words);
        if (!line.take("skeleton")) {
            throw new InputException("skeleton OBJ [name NAME] is known: " + EXAMPLE);
        }
        String file = line.take("an object", EXAMPLE);
        String name = line.take("name") ? line.take("a name", EXAMPLE) : null;
        line.end();
        if (packageName != null && !packageName.matches("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*")) {
            throw new InputException("--package " + packageName + ": no package has that name");
        }
        BpfObject object = Inputs.object(Path.of(file));
        String source = Skeleton.of(object, Inputs.read(terminal, file, MAX_SIZE), name, packageName);
        if (json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject();
            writer.name("class").value(name == null ? Skeleton.classNameOf(file) : name);
            writer.name("source").value(source);
            writer.endObject();
            Json.end(writer, terminal);
        } else {
            terminal.out().write(source.getBytes(StandardCharsets.UTF_8));
        }
        return ExitCode.OK;
    }
}
