package org.bpfz.proofs.lift;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import org.bpfz.proofs.lift.Value.Cell;
import org.bpfz.proofs.lift.Value.Constant;
import org.bpfz.proofs.lift.Value.Null;
import org.bpfz.proofs.lift.Value.Word;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/** Looks at the classes that run for what does not depend on inputs: static finals, enum constants, the fields of constant records. */
final class Reflection {
    private final Terms terms;

    Reflection(Terms terms) {
        this.terms = terms;
    }

    Class<?> type(ClassDesc name) {
        try {
            String descriptor = name.descriptorString();
            return Class.forName(descriptor.substring(1, descriptor.length() - 1).replace('/', '.'));
        } catch (ClassNotFoundException e) {
            throw new LiftException("no class " + name.displayName(), e);
        }
    }

    Value staticField(Class<?> owner, String name) {
        return field(owner, name, null);
    }

    Value field(Class<?> owner, String name, @Nullable Object instance) {
        try {
            Field field = owner.getDeclaredField(name);
            if (!java.lang.reflect.Modifier.isFinal(field.getModifiers())) {
                throw new LiftException(owner.getSimpleName() + "." + name + " is not final");
            }
            field.setAccessible(true);
            return wrap(field.get(instance));
        } catch (ReflectiveOperationException e) {
            throw new LiftException("no field " + owner.getName() + "." + name, e);
        }
    }

    /** What a concrete Java value is while code is lifted. */
    Value wrap(@Nullable Object value) {
        return switch (value) {
            case null -> new Null();
            case Integer number -> new Word(terms.bv(32, number));
            case Long number -> new Word(terms.bv(64, number));
            case Boolean flag -> new Word(terms.bv(32, flag ? 1 : 0));
            case Byte number -> new Word(terms.bv(32, number));
            case Short number -> new Word(terms.bv(32, number));
            case Character character -> new Word(terms.bv(32, character));
            default -> new Constant(value);
        };
    }

    /** A constant record as a cell. */
    Cell unpack(Record constant, Heap heap) {
        Cell cell = heap.allocate(constant.getClass());
        for (RecordComponent component : constant.getClass().getRecordComponents()) {
            heap.put(cell, component.getName(), field(constant.getClass(), component.getName(), constant));
        }
        return cell;
    }
}
