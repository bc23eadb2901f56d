package org.bpfz.loader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.btf.MalformedBtf;

/** Writes C declarations of types. A name that several types have is told apart by a number from its second use on: {@code name___2}. */
final class BtfDeclarations {
    private static final long MAX_32 = 0xffff_ffffL;

    private final Btf btf;
    private final BtfPadding padding;
    /** How often each tag of a struct, union or enum was given, and each other identifier: two name spaces of C. */
    private final Map<String, Integer> tags = new HashMap<>();
    private final Map<String, Integer> identifiers = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private int depth;
    private int written;

    BtfDeclarations(Btf btf) {
        this.btf = btf;
        padding = new BtfPadding(btf);
    }

    /**
     * A part of a declaration that stands behind the type's name.
     *
     * @param text   with the declared name in it, if there is one
     * @param spaced whether a space belongs in front of it, unless a star stands there
     */
    private record Declarator(String text, boolean spaced) {
        String behind(String before) {
            return before + (spaced ? " " : "") + text;
        }
    }

    private static String indent(int level) {
        return "\t".repeat(level);
    }

    private static String numbered(Map<String, Integer> space, String name) {
        int uses = space.merge(name, 1, Integer::sum);
        return uses > 1 ? name + "___" + uses : name;
    }

    private String tag(int id) {
        BtfType type = btf.type(id);
        boolean declaredOnly = type instanceof BtfType.Fwd
                || (type instanceof BtfType.Enum32 enumeration && enumeration.values().isEmpty());
        return type.name().isEmpty() || declaredOnly
                ? type.name()
                : names.computeIfAbsent(id, _ -> numbered(tags, type.name()));
    }

    private String identifier(int id) {
        return names.computeIfAbsent(id, _ -> numbered(identifiers, btf.type(id).name()));
    }

    /** {@code struct name}. */
    String reference(int id) {
        BtfType type = btf.type(id);
        String kind = switch (type) {
            case BtfType.Fwd forward -> forward.union() ? "union" : "struct";
            case BtfType.Union _ -> "union";
            case Enumeration _ -> "enum";
            default -> "struct";
        };
        return kind + (type.name().isEmpty() ? "" : " ") + tag(id);
    }

    /** {@code typedef int name}. */
    String typedef(int id, BtfType.Typedef typedef) {
        String name = identifier(id);
        // Old compilers leave the type of this one out.
        return typedef.target() == 0 && name.equals("__gnuc_va_list")
                ? "typedef __builtin_va_list __gnuc_va_list"
                : "typedef " + declare(typedef.target(), name, 0);
    }

    /** A struct, union or enum with what is in it. */
    String definition(int id, int level) {
        return btf.type(id) instanceof Composite composite
                ? composite(id, composite, level)
                : enumeration(id, (Enumeration) btf.type(id), level);
    }

    private String enumeration(int id, Enumeration type, int level) {
        StringBuilder text = new StringBuilder(reference(id));
        if (type.values().isEmpty()) {
            return text.toString();
        }
        text.append(" {");
        for (EnumValue value : type.values()) {
            String number = type.signed() ? Long.toString(value.value()) : Long.toUnsignedString(value.value());
            String suffix = type instanceof BtfType.Enum64 ? type.signed() ? "LL" : "ULL" : "";
            text.append('\n').append(indent(level + 1)).append(numbered(identifiers, value.name())).append(" = ")
                    .append(number).append(suffix).append(',');
        }
        text.append('\n').append(indent(level)).append('}');
        boolean wide = type instanceof BtfType.Enum64
                && type.values().stream().anyMatch(value -> Long.compareUnsigned(value.value(), MAX_32) > 0);
        if (type.size() == 1) {
            text.append(" __attribute__((mode(byte)))");
        } else if (type.size() == Long.BYTES && !wide) {
            text.append(" __attribute__((mode(word)))");
        }
        return text.toString();
    }

    private String composite(int id, Composite type, int level) {
        boolean struct = type instanceof BtfType.Struct;
        boolean packed = struct && padding.isPacked(id, type);
        long align = packed ? 1 : padding.alignOf(id);
        StringBuilder text = new StringBuilder(reference(id)).append(" {");
        long offset = 0;
        boolean behindBits = false;
        for (Member member : type.members()) {
            long memberAlign = packed ? 1 : padding.alignOf(member.type());
            boolean bits = member.bitFieldSize() != 0;
            text.append(padding.between(offset, member.bitOffset(), memberAlign, behindBits && bits,
                    indent(level + 1)));
            text.append('\n').append(indent(level + 1)).append(declare(member.type(), member.name(), level + 1));
            if (bits) {
                text.append(": ").append(member.bitFieldSize());
                offset = member.bitOffset() + member.bitFieldSize();
            } else {
                offset = member.bitOffset() + Byte.SIZE * padding.sizeOf(member.type());
            }
            behindBits = bits;
            text.append(';');
        }
        if (struct) {
            text.append(padding.between(offset, Byte.SIZE * type.size(), align, false, indent(level + 1)));
        }
        if (!type.members().isEmpty() || type.size() != 0) {
            text.append('\n').append(indent(level));
        }
        return text.append('}').append(packed ? " __attribute__((packed))" : "").toString();
    }

    /** The declaration of a name, or of none, with a type. */
    String declare(int id, String name, int level) {
        if (++depth > BtfOrder.MAX_DEPTH || ++written > BtfOrder.MAX_STEPS) {
            throw new MalformedBtf(0, "type " + id + " is nested too deeply to be printed");
        }
        List<Integer> chain = chain(id);
        int last = chain.size() - 1;
        int base = chain.get(last);
        StringBuilder qualifiers = new StringBuilder();
        int end = last;
        while (end > 0 && isQualifier(btf.type(chain.get(end - 1)))) {
            end--;
            qualifiers.append(qualifier(btf.type(chain.get(end)))).append(' ');
        }
        String start = qualifiers + base(base, level);
        Declarator declarator = new Declarator(name, !name.isEmpty());
        boolean plain = true;
        boolean named = !name.isEmpty();
        for (int i = 0; i < end; i++) {
            BtfType type = btf.type(chain.get(i));
            BtfType next = i + 1 < chain.size() ? btf.type(chain.get(behindModifiers(chain, i + 1))) : type;
            switch (type) {
                case BtfType.Ptr _ -> {
                    declarator = new Declarator("*" + declarator.text(), true);
                    plain = false;
                }
                case BtfType.Array array -> {
                    declarator = new Declarator((plain ? declarator.text() : "(" + declarator.text() + ")") + "["
                            + array.count() + "]", named);
                    plain = true;
                }
                case BtfType.FuncProto proto -> {
                    String parameters = "(" + parameters(proto, level) + ")";
                    declarator = plain
                            ? new Declarator(declarator.text() + parameters, named)
                            : new Declarator(" (" + declarator.text() + ")" + parameters, false);
                    plain = false;
                }
                case BtfType.Modifier _ when next instanceof BtfType.Array || next instanceof BtfType.FuncProto -> {
                    // A qualified array or function is the compiler's doing, and says nothing.
                }
                case BtfType.Modifier modifier -> {
                    declarator = new Declarator(declarator.behind(" " + qualifier(modifier)), false);
                    plain = false;
                }
                default -> throw new IllegalStateException("in a chain: " + type);
            }
        }
        depth--;
        return declarator.behind(start);
    }

    private int behindModifiers(List<Integer> chain, int index) {
        int i = index;
        while (i + 1 < chain.size() && btf.type(chain.get(i)) instanceof BtfType.Modifier modifier
                && !(modifier instanceof BtfType.Typedef)) {
            i++;
        }
        return i;
    }

    private String parameters(BtfType.FuncProto proto, int level) {
        List<Param> params = proto.params();
        // Clang writes one parameter without a type for BPF, where others write none.
        if (params.isEmpty() || (params.size() == 1 && params.getFirst().type() == 0)) {
            return "void";
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < params.size(); i++) {
            Param param = params.get(i);
            boolean rest = i == params.size() - 1 && param.type() == 0;
            all.add(rest ? "..." : declare(param.type(), param.name(), level));
        }
        return String.join(", ", all);
    }

    /** From a type to the one that a declaration begins with. */
    private List<Integer> chain(int id) {
        List<Integer> chain = new ArrayList<>();
        int current = id;
        boolean more = true;
        while (more) {
            chain.add(current);
            switch (btf.type(current)) {
                case BtfType.Typedef _ -> more = false;
                case BtfType.Ptr pointer -> current = pointer.target();
                case BtfType.Modifier modifier -> current = modifier.target();
                case BtfType.FuncProto proto -> current = proto.returned();
                case BtfType.Array array -> current = array.element();
                default -> more = false;
            }
            if (chain.size() > BtfOrder.MAX_DEPTH) {
                throw new MalformedBtf(0, "type " + id + " is nested too deeply to be printed");
            }
        }
        return chain;
    }

    private static boolean isQualifier(BtfType type) {
        return type instanceof BtfType.Const || type instanceof BtfType.Volatile || type instanceof BtfType.Restrict;
    }

    private static String qualifier(BtfType type) {
        return switch (type) {
            case BtfType.Const _ -> "const";
            case BtfType.Volatile _ -> "volatile";
            case BtfType.Restrict _ -> "restrict";
            case BtfType.TypeTag tag -> "__attribute__((btf_type_tag(\"" + tag.name() + "\")))";
            default -> throw new IllegalStateException("no qualifier: " + type);
        };
    }

    private String base(int id, int level) {
        BtfType type = btf.type(id);
        return switch (type) {
            case BtfType.VoidType _ -> "void";
            case BtfType.Typedef _ -> identifier(id);
            case Composite _,Enumeration _ when type.name().isEmpty() -> definition(id, level);
            case Composite _,Enumeration _,BtfType.Fwd _ -> reference(id);
            default -> type.name();
        };
    }
}
