package org.bpfz.loader;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.loader.elf.ElfSymbol;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;

/**
 * Reads map definitions as they were before BTF: structs in a section {@code maps}, one a symbol, all of one size (struct
 * bpf_map_def of libbpf before 1.0). They may be longer than the five numbers that count if the rest is zero.
 */
final class LegacyMaps {
    static final String SECTION = "maps";

    private static final int DEFINITION_SIZE = 20;

    private final ElfFile file;
    private final ElfSection section;

    LegacyMaps(ElfFile file, ElfSection section) {
        this.file = file;
        this.section = section;
    }

    List<ObjectMaps.Placed> read() {
        List<ElfSymbol> symbols = file.symbols().stream()
                .filter(symbol -> symbol.section() == section.index() && !symbol.isSection()
                        && !symbol.name().isEmpty())
                .sorted(Comparator.comparingLong(ElfSymbol::value)).toList();
        if (symbols.isEmpty()) {
            return List.of();
        }
        int size = size(symbols);
        byte[] contents = file.contents(section);
        List<ObjectMaps.Placed> maps = new ArrayList<>();
        for (ElfSymbol symbol : symbols) {
            if (symbol.value() < 0 || symbol.value() > contents.length - size) {
                throw file.malformed(section.offset(), "map '" + symbol.name() + "' crosses the section's end");
            }
            maps.add(read(symbol, contents, (int) symbol.value(), size));
        }
        return maps;
    }

    /**
     * How long each definition is. A linker leaves the definitions that have lost to others where they are, without symbols: there the size
     * is what the symbols say.
     */
    private int size(List<ElfSymbol> symbols) {
        long said = symbols.getFirst().size();
        boolean linked = said > 0 && section.size() % said == 0 && section.size() / said > symbols.size()
                && symbols.stream().allMatch(symbol -> symbol.size() == said && symbol.value() % said == 0);
        if (linked) {
            return (int) said;
        }
        if (section.size() % symbols.size() != 0) {
            throw file.malformed(section.offset(), "section 'maps': " + symbols.size() + " definitions in "
                    + section.size() + " bytes");
        }
        return (int) (section.size() / symbols.size());
    }

    private ObjectMaps.Placed read(ElfSymbol symbol, byte[] contents, int start, int size) {
        byte[] definition = new byte[DEFINITION_SIZE];
        System.arraycopy(contents, start, definition, 0, Math.min(size, DEFINITION_SIZE));
        for (int i = DEFINITION_SIZE; i < size; i++) {
            if (contents[start + i] != 0) {
                throw file.malformed((long) section.offset() + start + i,
                        "map '" + symbol.name() + "' has an option that is not known and not zero");
            }
        }
        ByteBuffer in = ByteBuffer.wrap(definition).order(file.order());
        int number = in.getInt();
        MapType type = MapType.of(number);
        if (type == null) {
            throw file.malformed((long) section.offset() + start, "map '" + symbol.name() + "' is of unknown type "
                    + Integer.toUnsignedString(number));
        }
        MapSpec spec = MapSpec.of(symbol.name(), type, in.getInt(), in.getInt(), in.getInt()).withFlags(in.getInt());
        return new ObjectMaps.Placed(MapDefinition.of(spec), section.index(), symbol.value(), false);
    }
}
