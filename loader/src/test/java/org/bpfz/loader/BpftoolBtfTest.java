package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.btf.BtfType.SectionVar;
import org.junit.jupiter.api.Test;

/** bpftool dumps the same types of every committed object, and of the machine's kernel. */
class BpftoolBtfTest {
    private static final String MODE = " __attribute__\\(\\(mode\\((byte|word)\\)\\)\\)";
    private static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");

    @Test
    void bpftoolReadsTheSameTypesInObjects() throws IOException, InterruptedException {
        Tool bpftool = Tool.orSkip(BpftoolBtfTest.class, "bpftool");
        int compared = 0;
        for (Path path : TestObjects.all()) {
            ElfFile file = ElfFile.read(path.toString(), Files.readAllBytes(path));
            boolean littleEndian = file.order() == ByteOrder.LITTLE_ENDIAN;
            if (littleEndian && file.section(".BTF").isPresent()) {
                byte[] types = file.contents(file.section(".BTF").get());
                compare(bpftool, path, Btf.read(types, BtfRules.OBJECT));
                compared++;
            }
        }
        assertTrue(compared >= 15, compared + " compared");
    }

    /** What bpftool and bpfz are both asked for: objects, and the running kernel where it shows its types. */
    private static List<Path> filesWithTypes() throws IOException {
        List<Path> files = new ArrayList<>(TestObjects.all().stream().filter(path -> !path.endsWith("big.bpf.o")
                && !path.endsWith("plain.bpf.o")).toList());
        if (Files.isReadable(KERNEL)) {
            files.add(KERNEL);
        }
        return files;
    }

    private static String dump(Tool bpftool, Path file, String format) throws IOException, InterruptedException {
        Tool.Run run = bpftool.run(List.of("btf", "dump", "file", file.toString(), "format", format));
        assertEquals(0, run.status(), run.output());
        return run.output();
    }

    @Test
    void bpftoolPrintsTheSameText() throws IOException, InterruptedException {
        Tool bpftool = Tool.orSkip(BpftoolBtfTest.class, "bpftool");
        for (Path file : filesWithTypes()) {
            String theirs = dump(bpftool, file, "raw");
            assertEquals(theirs, BtfDump.raw(BtfFiles.read(file, null)), file.toString());
        }
    }

    @Test
    void bpftoolWritesTheSameHeader() throws IOException, InterruptedException {
        Tool bpftool = Tool.orSkip(BpftoolBtfTest.class, "bpftool");
        for (Path file : filesWithTypes()) {
            String theirs = dump(bpftool, file, "c");
            // libbpf says since 1.2 how an enumeration of one byte, or eight, comes to its size.
            String header = BtfSource.header(BtfFiles.read(file, null));
            assertTrue(theirs.replaceAll(MODE, "").equals(header.replaceAll(MODE, "")), file.toString());
        }
    }

    @Test
    void bpftoolReadsTheSameTypesInTheKernel() throws IOException, InterruptedException {
        Tool bpftool = Tool.orSkip(BpftoolBtfTest.class, "bpftool");
        if (!Files.isReadable(KERNEL)) {
            Tool.skip(BpftoolBtfTest.class, "the kernel shows no BTF");
        }
        Btf btf = Btf.read(Files.readAllBytes(KERNEL), BtfRules.KERNEL);
        compare(bpftool, KERNEL, btf);
        Btf written = Btf.read(btf.toBytes(), BtfRules.KERNEL);
        for (int id = 1; id < btf.endId(); id++) {
            assertEquals(btf.type(id), written.type(id));
        }
    }

    private static void compare(Tool bpftool, Path path, Btf btf) throws IOException, InterruptedException {
        Tool.Run run = bpftool.run(List.of("-j", "btf", "dump", "file", path.toString()));
        assertEquals(0, run.status(), path.toString());
        JsonArray dumped = JsonParser.parseString(run.output()).getAsJsonObject().getAsJsonArray("types");
        assertEquals(btf.endId() - 1, dumped.size(), path.toString());
        for (JsonElement element : dumped) {
            JsonObject type = element.getAsJsonObject();
            int id = type.get("id").getAsInt();
            assertEquals(type, described(id, btf.type(id)), path.toString());
        }
    }

    private static JsonObject described(int id, BtfType type) {
        JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("kind", kind(type));
        json.addProperty("name", orAnonymous(type.name()));
        switch (type) {
            case BtfType.VoidType _ -> throw new AssertionError(id);
            case BtfType.Int integer -> {
                json.addProperty("size", integer.size());
                json.addProperty("bits_offset", integer.bitOffset());
                json.addProperty("nr_bits", integer.bits());
                boolean plain = integer.encoding() == BtfType.IntEncoding.UNSIGNED;
                json.addProperty("encoding", plain ? "(none)" : integer.encoding().name());
            }
            case BtfType.Ptr pointer -> json.addProperty("type_id", pointer.target());
            case BtfType.Modifier modifier -> json.addProperty("type_id", modifier.target());
            case BtfType.Array array -> {
                json.addProperty("type_id", array.element());
                json.addProperty("index_type_id", array.index());
                json.addProperty("nr_elems", array.count());
            }
            case Composite composite -> {
                json.addProperty("size", composite.size());
                json.addProperty("vlen", composite.members().size());
                json.add("members", array(composite.members().stream().map(BpftoolBtfTest::described).toList()));
            }
            case Enumeration enumeration -> {
                json.addProperty("size", enumeration.size());
                json.addProperty("encoding", enumeration.signed() ? "SIGNED" : "UNSIGNED");
                json.addProperty("vlen", enumeration.values().size());
                json.add("values", array(enumeration.values().stream()
                        .map(value -> described(value, enumeration)).toList()));
            }
            case BtfType.Fwd forward -> json.addProperty("fwd_kind", forward.union() ? "union" : "struct");
            case BtfType.Func function -> {
                json.addProperty("type_id", function.proto());
                json.addProperty("linkage", function.linkage().name().toLowerCase(Locale.ROOT));
            }
            case BtfType.FuncProto proto -> {
                json.addProperty("ret_type_id", proto.returned());
                json.addProperty("vlen", proto.params().size());
                json.add("params", array(proto.params().stream().map(BpftoolBtfTest::described).toList()));
            }
            case BtfType.Var variable -> {
                json.addProperty("type_id", variable.type());
                json.addProperty("linkage", variable.linkage().name().toLowerCase(Locale.ROOT));
            }
            case BtfType.DataSec section -> {
                json.addProperty("size", section.size());
                json.addProperty("vlen", section.vars().size());
                json.add("vars", array(section.vars().stream().map(BpftoolBtfTest::described).toList()));
            }
            case BtfType.FloatType number -> json.addProperty("size", number.size());
            case BtfType.DeclTag tag -> {
                json.addProperty("type_id", tag.target());
                json.addProperty("component_idx", tag.component());
            }
        }
        return json;
    }

    private static String kind(BtfType type) {
        return switch (type) {
            case BtfType.Enum32 _ -> "ENUM";
            case BtfType.FloatType _ -> "FLOAT";
            case BtfType other -> other.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                    .toUpperCase(Locale.ROOT).replace("DATA_SEC", "DATASEC");
        };
    }

    private static String orAnonymous(String name) {
        return name.isEmpty() ? "(anon)" : name;
    }

    private static JsonArray array(List<JsonObject> objects) {
        JsonArray array = new JsonArray();
        objects.forEach(array::add);
        return array;
    }

    private static JsonObject described(Member member) {
        JsonObject json = new JsonObject();
        json.addProperty("name", orAnonymous(member.name()));
        json.addProperty("type_id", member.type());
        json.addProperty("bits_offset", member.bitOffset());
        if (member.bitFieldSize() != 0) {
            json.addProperty("bitfield_size", member.bitFieldSize());
        }
        return json;
    }

    private static JsonObject described(EnumValue value, Enumeration enumeration) {
        JsonObject json = new JsonObject();
        json.addProperty("name", value.name());
        if (enumeration.signed()) {
            json.addProperty("val", value.value());
        } else {
            // bpftool widens unsigned values of 32 bits as if they were signed.
            long widened = enumeration instanceof BtfType.Enum32 ? (int) value.value() : value.value();
            json.add("val", JsonParser.parseString(Long.toUnsignedString(widened)));
        }
        return json;
    }

    private static JsonObject described(Param param) {
        JsonObject json = new JsonObject();
        json.addProperty("name", orAnonymous(param.name()));
        json.addProperty("type_id", param.type());
        return json;
    }

    private static JsonObject described(SectionVar entry) {
        JsonObject json = new JsonObject();
        json.addProperty("type_id", entry.type());
        json.addProperty("offset", entry.offset());
        json.addProperty("size", entry.size());
        return json;
    }
}
