package org.bpfz.loader.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfz.loader.Tool;
import org.junit.jupiter.api.Test;

/** LLVM's readelf sees the same sections, symbols and relocations in every committed object. */
class LlvmReadelfTest {

    @Test
    void llvmReadsTheSame() throws IOException, InterruptedException {
        Tool readelf = Tool.orSkip(LlvmReadelfTest.class, "llvm-readelf-19", "llvm-readelf-20", "llvm-readelf-18");
        List<Path> objects = objects();
        assertTrue(objects.size() >= 17, objects.toString());
        for (Path object : objects) {
            Tool.Run run = readelf.run(List.of("--elf-output-style=JSON", "-S", "-s", "-r", object.toString()));
            assertEquals(0, run.status(), run.output());
            JsonObject dump = JsonParser.parseString(run.output()).getAsJsonArray().get(0).getAsJsonObject();
            ElfFile file = ElfFile.read(object.toString(), Files.readAllBytes(object));
            assertEquals(dumpedSections(dump), sections(file), object.toString());
            assertEquals(dumpedSymbols(dump), symbols(file), object.toString());
            assertEquals(dumpedRelocations(dump), relocations(file), object.toString());
        }
    }

    private static List<Path> objects() throws IOException {
        try (Stream<Path> own = Files.list(Path.of("src/test/objects"));
                Stream<Path> examples = Files.list(Path.of("../examples"))) {
            return Stream.concat(own, examples).filter(path -> path.toString().endsWith(".o")).sorted().toList();
        }
    }

    private static List<JsonObject> entries(JsonArray array, String name) {
        return array.asList().stream().map(entry -> entry.getAsJsonObject().getAsJsonObject(name)).toList();
    }

    private static long number(JsonObject object, String field) {
        JsonElement element = object.get(field);
        return element.isJsonObject() ? element.getAsJsonObject().get("Value").getAsLong() : element.getAsLong();
    }

    private static String name(JsonObject object, String field) {
        return object.getAsJsonObject(field).get("Name").getAsString();
    }

    private static List<ElfSection> dumpedSections(JsonObject dump) {
        List<ElfSection> sections = new ArrayList<>();
        for (JsonObject section : entries(dump.getAsJsonArray("Sections"), "Section")) {
            int type = (int) number(section, "Type");
            long offset = type == ElfSection.NOBITS ? 0 : number(section, "Offset");
            sections.add(new ElfSection((int) number(section, "Index"), name(section, "Name"), type,
                    number(section, "Flags"), (int) offset, number(section, "Size"), (int) number(section, "Link"),
                    (int) number(section, "Info"), number(section, "EntrySize")));
        }
        return sections;
    }

    private static List<ElfSection> sections(ElfFile file) {
        return file.sections();
    }

    private static List<String> dumpedSymbols(JsonObject dump) {
        List<String> symbols = new ArrayList<>();
        for (JsonObject symbol : entries(dump.getAsJsonArray("Symbols"), "Symbol")) {
            // A section's symbol has no name of its own; readelf shows the section's.
            String name = number(symbol, "Type") == 3 ? "" : name(symbol, "Name");
            symbols.add(String.join(" ", name, Long.toString(number(symbol, "Value")),
                    Long.toString(number(symbol, "Size")), Long.toString(number(symbol, "Binding")),
                    Long.toString(number(symbol, "Type")), Long.toString(number(symbol, "Other")),
                    Long.toString(number(symbol, "Section"))));
        }
        return symbols;
    }

    private static List<String> symbols(ElfFile file) {
        return file.symbols().stream().map(symbol -> String.join(" ", symbol.name(), Long.toString(symbol.value()),
                Long.toString(symbol.size()), Integer.toString(symbol.binding()), Integer.toString(symbol.type()),
                Integer.toString(symbol.other()), Integer.toString(symbol.section()))).toList();
    }

    private static List<String> dumpedRelocations(JsonObject dump) {
        List<String> relocations = new ArrayList<>();
        for (JsonElement table : dump.getAsJsonArray("Relocations")) {
            long section = number(table.getAsJsonObject(), "SectionIndex");
            for (JsonObject entry : entries(table.getAsJsonObject().getAsJsonArray("Relocs"), "Relocation")) {
                relocations.add(section + ": " + number(entry, "Offset") + " " + number(entry, "Type") + " "
                        + number(entry, "Symbol"));
            }
        }
        return relocations;
    }

    private static List<String> relocations(ElfFile file) {
        List<String> relocations = new ArrayList<>();
        for (ElfSection table : file.sections()) {
            if (table.type() == ElfSection.REL) {
                for (ElfRelocation relocation : file.relocations(table)) {
                    relocations.add(table.index() + ": " + relocation.offset() + " " + relocation.type() + " "
                            + relocation.symbol().index());
                }
            }
        }
        return relocations;
    }
}
