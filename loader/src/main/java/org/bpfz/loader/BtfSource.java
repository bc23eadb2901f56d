package org.bpfz.loader;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.MalformedBtf;

/**
 * Prints types as C, in the text of {@code bpftool btf dump ... format c} (dump_btf_c in tools/bpf/bpftool/btf.c, tools/lib/bpf/btf_dump.c):
 * definitions in an order in which a compiler takes them, with declarations in front where a type is only pointed to. The order is that of
 * bpftool before 6.11, or with its word {@code unsorted}; there are no declarations of kernel functions.
 *
 * <p>Types are gone through in the order of their ids; what one contains is defined before it ({@link BtfOrder}), what one points to is
 * declared before it.
 */
public final class BtfSource {
    private static final String START = """
            #ifndef __VMLINUX_H__
            #define __VMLINUX_H__

            #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
            #pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
            #endif

            """;
    private static final String END = """
            #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
            #pragma clang attribute pop
            #endif

            #endif /* __VMLINUX_H__ */
            """;
    private static final String VA_LIST = "__builtin_va_list";
    /** Integers that compilers for ARM know without a definition. */
    private static final Map<String, String> ALIASES = Map.of("__Poly8_t", "unsigned char", "__Poly16_t",
            "unsigned short", "__Poly64_t", "unsigned long long", "__Poly128_t", "unsigned __int128");

    private final Btf btf;
    private final BtfDeclarations declarations;
    private final StringBuilder out = new StringBuilder();
    private final Set<Integer> defined = new HashSet<>();
    private final Set<Integer> underWay = new HashSet<>();
    private final Set<Integer> declared = new HashSet<>();
    private int depth;
    private int steps;

    private BtfSource(Btf btf) {
        this.btf = btf;
        declarations = new BtfDeclarations(btf);
        defined.add(0);
    }

    /**
     * All types of a BTF as a header.
     *
     * @throws MalformedBtf if they are nested without end
     */
    public static String header(Btf btf) {
        return START + definitions(btf) + END;
    }

    /** The definitions alone. */
    static String definitions(Btf btf) {
        BtfSource source = new BtfSource(btf);
        BtfOrder order = new BtfOrder(btf);
        for (int id = btf.firstId(); id < btf.endId(); id++) {
            for (int each : order.upTo(id)) {
                source.emit(each, 0);
            }
        }
        return source.out.toString();
    }

    private void line(String text) {
        out.append(text).append(";\n\n");
    }

    /**
     * Emits what must stand in front of a use of a type, and with no container its definition.
     *
     * @param container the named type whose definition is being prepared, 0 for none
     */
    private void emit(int id, int container) {
        if (defined.contains(id)) {
            return;
        }
        if (++depth > BtfOrder.MAX_DEPTH || ++steps > BtfOrder.MAX_STEPS) {
            throw new MalformedBtf(0, "type " + id + " is nested too deeply to be printed");
        }
        if (underWay.contains(id)) {
            declare(id, container);
        } else {
            define(id, container);
        }
        depth--;
    }

    /** A type that is used while it is being defined: a declaration in front is enough. */
    private void declare(int id, int container) {
        if (declared.contains(id)) {
            return;
        }
        switch (btf.type(id)) {
            case Composite composite when id != container && !composite.name().isEmpty() -> {
                line(declarations.reference(id));
                declared.add(id);
            }
            case BtfType.Typedef typedef -> {
                typedef(id, typedef);
                declared.add(id);
            }
            default -> {
            }
        }
    }

    private void typedef(int id, BtfType.Typedef typedef) {
        if (!typedef.name().equals(VA_LIST)) {
            line(declarations.typedef(id, typedef));
        }
    }

    private void define(int id, int container) {
        switch (btf.type(id)) {
            case BtfType.Int integer -> {
                String alias = ALIASES.get(integer.name());
                if (alias != null) {
                    line("typedef " + alias + " " + integer.name());
                }
                defined.add(id);
            }
            case Enumeration _ -> {
                if (container == 0) {
                    line(declarations.definition(id, 0));
                }
                defined.add(id);
            }
            case BtfType.Fwd _ -> {
                line(declarations.reference(id));
                defined.add(id);
            }
            case BtfType.Ptr pointer -> emit(pointer.target(), container);
            case BtfType.Typedef typedef -> {
                underWay.add(id);
                emit(typedef.target(), id);
                if (!declared.contains(id)) {
                    typedef(id, typedef);
                }
                defined.add(id);
            }
            case BtfType.Modifier modifier -> emit(modifier.target(), container);
            case BtfType.Array array -> emit(array.element(), container);
            case Composite composite -> defineComposite(id, composite, container);
            case BtfType.FuncProto proto -> {
                emit(proto.returned(), container);
                proto.params().forEach(param -> emit(param.type(), container));
            }
            default -> {
            }
        }
    }

    private void defineComposite(int id, Composite composite, int container) {
        underWay.add(id);
        boolean anonymous = composite.name().isEmpty();
        if (container == 0 || anonymous) {
            for (Member member : composite.members()) {
                emit(member.type(), anonymous ? container : id);
            }
        } else if (!declared.contains(id) && id != container) {
            line(declarations.reference(id));
            declared.add(id);
        }
        underWay.remove(id);
        if (container == 0) {
            line(declarations.definition(id, 0));
            defined.add(id);
        }
    }
}
