package org.bpfz.spec.bpf;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.memory.LittleEndian;

/** Attributes between records and the bytes of union bpf_attr, by the places that the records' components state. */
public final class AttrCodec {
    private static final Map<Class<? extends Attr>, AttrCodec> ALL = all();

    private final List<Field> fields;
    private final List<RecordComponent> components;
    private final Constructor<?> constructor;

    /**
     * A field of the union.
     *
     * @param name as the record spells it
     * @param size bytes
     */
    public record Field(String name, int offset, int size) {
        /** The offset behind its last byte. */
        public int end() {
            return offset + size;
        }
    }

    private AttrCodec(Class<?> form) {
        components = List.of(form.getRecordComponents());
        List<Field> found = new ArrayList<>();
        for (RecordComponent component : components) {
            Attr.At at = component.getAnnotation(Attr.At.class);
            int size = component.getType() == int.class
                    ? Integer.BYTES
                    : component.getType() == long.class ? Long.BYTES : at.size();
            found.add(new Field(component.getName(), at.value(), size));
        }
        fields = List.copyOf(found);
        constructor = form.getDeclaredConstructors()[0];
    }

    private static Map<Class<? extends Attr>, AttrCodec> all() {
        Map<Class<? extends Attr>, AttrCodec> codecs = new HashMap<>();
        for (Class<?> form : Attr.class.getPermittedSubclasses()) {
            codecs.put(form.asSubclass(Attr.class), new AttrCodec(form));
        }
        return codecs;
    }

    /** The codec of one form of the attributes. */
    public static AttrCodec of(Class<? extends Attr> form) {
        AttrCodec codec = ALL.get(form);
        if (codec == null) {
            throw new IllegalArgumentException(form + " is no form of the attributes");
        }
        return codec;
    }

    /** The fields in the record's order. */
    public List<Field> fields() {
        return fields;
    }

    /** Whether all bytes behind the last field are zero. */
    public boolean isTailZero(byte[] attr) {
        for (int i = fields.getLast().end(); i < attr.length; i++) {
            if (attr[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads the fields.
     *
     * @param attr bytes of the union; fields that they do not reach are zero
     */
    public Attr read(byte[] attr) {
        byte[] all = Arrays.copyOf(attr, Math.max(attr.length, Attr.BYTES));
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            Field field = fields.get(i);
            Class<?> type = components.get(i).getType();
            if (type == Bytes.class) {
                values[i] = Bytes.of(all, field.offset(), field.end());
            } else {
                long number = LittleEndian.get(all, field.offset(), field.size());
                values[i] = type == int.class ? (Object) (int) number : (Object) number;
            }
        }
        try {
            return (Attr) constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a record of numbers", e);
        }
    }

    /** The bytes of the union that the attributes are. */
    public static byte[] write(Attr attr) {
        AttrCodec codec = of(attr.getClass());
        byte[] bytes = new byte[Attr.BYTES];
        for (int i = 0; i < codec.fields.size(); i++) {
            Field field = codec.fields.get(i);
            try {
                switch (codec.components.get(i).getAccessor().invoke(attr)) {
                    case Bytes text when text.length() == field.size() -> text.copyTo(bytes, field.offset());
                    case Number number -> LittleEndian.put(bytes, field.offset(), field.size(), number.longValue());
                    case null, default -> throw new IllegalArgumentException(
                            field.name() + " is not " + field.size() + " bytes");
                }
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("a record of numbers", e);
            }
        }
        return bytes;
    }
}
