package org.bpfz.loader;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSymbol;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.DataSec;
import org.bpfz.spec.btf.BtfType.SectionVar;
import org.bpfz.spec.btf.Linkage;
import org.jspecify.annotations.Nullable;

/**
 * What an object leaves to the kernel to provide: functions and variables of section {@code .ksyms}, configuration of section
 * {@code .kconfig} (bpf_object__collect_externs in tools/lib/bpf/libbpf.c).
 */
final class Externs {
    static final String CONFIG_SECTION = ".kconfig";
    static final String KERNEL_SECTION = ".ksyms";

    /** The name of the variable that stands for extern functions in the types of section {@code .ksyms}. */
    private static final String DUMMY = "dummy_ksym";
    private static final int INT_SIZE = 4;

    /**
     * One of them.
     *
     * @param type   in the types as the compiler wrote them: the variable's, or the function's prototype
     * @param config null for what is in {@code .ksyms}
     * @param offset in the data of {@code .kconfig}
     */
    record Extern(String name, String section, boolean function, boolean weak, int type, @Nullable ConfigExtern config,
            int offset) {
        boolean isConfig() {
            return config != null;
        }
    }

    private final List<Extern> externs;
    private final int configSize;

    private Externs(List<Extern> externs, int configSize) {
        this.externs = List.copyOf(externs);
        this.configSize = configSize;
    }

    /** Finds the externs of an object; without types none is known. */
    static Externs read(ElfFile file, @Nullable Btf written) {
        return written == null ? new Externs(List.of(), 0) : new Reader(file, written).read();
    }

    /** In libbpf's order, which numbers them. */
    List<Extern> all() {
        return externs;
    }

    /** Bytes of the data of {@code .kconfig}; 0 if there is none. */
    int configSize() {
        return configSize;
    }

    /** The number of the extern with a name, -1 if the types know none. */
    int indexOf(String name) {
        for (int i = 0; i < externs.size(); i++) {
            if (externs.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Collects the externs: their symbols say that they are such, and whether they may be missing; the types say what they are. */
    private record Reader(ElfFile file, Btf written) {
        /** An extern of the configuration before it has a place. */
        private record Unplaced(String name, boolean weak, int type, ConfigExtern config, int alignment) {}

        Externs read() {
            Map<String, Boolean> weak = new HashMap<>();
            for (ElfSymbol symbol : file.symbols()) {
                if (symbol.isExtern()) {
                    weak.put(symbol.name(), symbol.isWeak());
                }
            }
            List<Unplaced> configs = new ArrayList<>();
            section(CONFIG_SECTION).ifPresent(data -> data.vars().forEach(entry -> {
                if (written.type(entry.type()) instanceof BtfType.Var variable && weak.containsKey(variable.name())) {
                    configs.add(config(variable, weak.getOrDefault(variable.name(), false)));
                }
            }));
            configs.sort(Comparator.comparingInt(Unplaced::alignment).reversed()
                    .thenComparingInt(config -> config.config().size())
                    .thenComparing(Unplaced::name));
            List<Extern> all = new ArrayList<>();
            int end = 0;
            for (Unplaced config : configs) {
                int offset = (end + config.alignment() - 1) / config.alignment() * config.alignment();
                end = offset + config.config().size();
                all.add(new Extern(config.name(), CONFIG_SECTION, false, config.weak(), config.type(), config.config(),
                        offset));
            }
            List<Extern> symbols = new ArrayList<>();
            section(KERNEL_SECTION).ifPresent(data -> data.vars().forEach(entry -> {
                BtfType type = written.type(entry.type());
                if (weak.containsKey(type.name())) {
                    boolean optional = weak.getOrDefault(type.name(), false);
                    int shape = type instanceof BtfType.Func function
                            ? function.proto()
                            : ((BtfType.Var) type).type();
                    symbols.add(new Extern(type.name(), KERNEL_SECTION, type instanceof BtfType.Func, optional, shape,
                            null, 0));
                }
            }));
            symbols.sort(Comparator.comparing(Extern::name));
            all.addAll(symbols);
            return new Externs(all, end);
        }

        private Optional<DataSec> section(String name) {
            OptionalInt id = written.find(DataSec.class, name);
            return id.isPresent() ? Optional.of((DataSec) written.type(id.getAsInt())) : Optional.empty();
        }

        private Unplaced config(BtfType.Var variable, boolean weak) {
            ConfigExtern config = ConfigExtern.of(written, variable.name(), variable.type());
            if (config == null) {
                throw new UnsupportedObject(file.name(), "the extern '" + variable.name() + "' is "
                        + written.describe(variable.type()) + ", which no configuration fits");
            }
            int alignment = config.shape() == ConfigExtern.Shape.TEXT ? 1 : config.size();
            return new Unplaced(variable.name(), weak, variable.type(), config, alignment);
        }
    }

    /**
     * Changes the types so that a kernel takes them: externs become globals, in sections with sizes and offsets.
     *
     * @param changed new types by id, added to
     * @param added   new types behind the last id, added to
     */
    void completeTypes(Btf written, Map<Integer, BtfType> changed, List<BtfType> added) {
        for (int id = written.firstId(); id < written.endId(); id++) {
            if (written.type(id) instanceof DataSec data) {
                if (data.name().equals(CONFIG_SECTION)) {
                    changed.put(id, configTypes(written, data, changed));
                } else if (data.name().equals(KERNEL_SECTION)) {
                    changed.put(id, kernelTypes(written, data, changed, added));
                }
            }
        }
    }

    private DataSec configTypes(Btf written, DataSec data, Map<Integer, BtfType> changed) {
        List<SectionVar> vars = new ArrayList<>();
        for (SectionVar entry : data.vars()) {
            int index = indexOf(written.type(entry.type()).name());
            if (index >= 0 && written.type(entry.type()) instanceof BtfType.Var variable) {
                changed.put(entry.type(), new BtfType.Var(variable.name(), variable.type(), Linkage.GLOBAL));
                Extern extern = externs.get(index);
                vars.add(new SectionVar(entry.type(), extern.offset(), written.sizeOf(variable.type())));
            }
        }
        vars.sort(Comparator.comparingLong(SectionVar::offset));
        return new DataSec(data.name(), configSize, vars);
    }

    private static DataSec kernelTypes(Btf written, DataSec data, Map<Integer, BtfType> changed, List<BtfType> added) {
        int integer = integer(written, added);
        int dummy = 0;
        List<SectionVar> vars = new ArrayList<>();
        for (SectionVar entry : data.vars()) {
            int type = entry.type();
            switch (written.type(entry.type())) {
                case BtfType.Func function -> {
                    changed.put(entry.type(), new BtfType.Func(function.name(), function.proto(), Linkage.GLOBAL));
                    if (written.type(function.proto()) instanceof BtfType.FuncProto proto) {
                        changed.put(function.proto(), named(proto));
                    }
                    if (dummy == 0) {
                        dummy = written.endId() + added.size();
                        added.add(new BtfType.Var(DUMMY, integer, Linkage.GLOBAL));
                    }
                    type = dummy;
                }
                case BtfType.Var variable ->
                    changed.put(entry.type(), new BtfType.Var(variable.name(), integer, Linkage.GLOBAL));
                default -> throw new IllegalStateException("the reader lets only variables and functions in");
            }
            vars.add(new SectionVar(type, (long) INT_SIZE * vars.size(), INT_SIZE));
        }
        return new DataSec(data.name(), (long) INT_SIZE * vars.size(), vars);
    }

    /** The first integer of 32 bits, a new one if there is none. */
    private static int integer(Btf written, List<BtfType> added) {
        for (int id = written.firstId(); id < written.endId(); id++) {
            if (written.type(id) instanceof BtfType.Int integer && integer.bits() == 8 * INT_SIZE) {
                return id;
            }
        }
        added.add(new BtfType.Int("int", INT_SIZE, BtfType.IntEncoding.SIGNED, 0, 8 * INT_SIZE));
        return written.endId() + added.size() - 1;
    }

    /** Parameters of functions that the kernel is told about must have names. */
    private static BtfType.FuncProto named(BtfType.FuncProto proto) {
        return new BtfType.FuncProto(proto.returned(), proto.params().stream()
                .map(param -> param.type() != 0 && param.name().isEmpty()
                        ? new BtfType.Param(DUMMY, param.type())
                        : param)
                .toList());
    }
}
