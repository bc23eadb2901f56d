package org.bpfz.spec.map;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.Bytes;
import org.jspecify.annotations.Nullable;

/** The elements of a hash by key, in the order in which their keys were added; replacing a value does not move its key. */
final class ElementTable {

    /** A key and what it stands for. */
    static final class Element {
        private final Bytes key;
        private int content;
        private @Nullable Element previous;
        private @Nullable Element next;
        private boolean present = true;

        private Element(Bytes key, int content) {
            this.key = key;
            this.content = content;
        }

        Bytes key() {
            return key;
        }

        /** The slot of the value, or the id of the map that is the value. */
        int content() {
            return content;
        }

        void setContent(int newContent) {
            content = newContent;
        }

        /** The one that was added after it. */
        @Nullable
        Element next() {
            return next;
        }

        /** Whether it is still in the table. */
        boolean isPresent() {
            return present;
        }
    }

    private final Map<Bytes, Element> byKey = new HashMap<>();
    private @Nullable Element first;
    private @Nullable Element last;

    int size() {
        return byKey.size();
    }

    @Nullable
    Element first() {
        return first;
    }

    @Nullable
    Element find(byte[] key) {
        return byKey.get(Bytes.of(key));
    }

    /** Adds a key that is not there. */
    Element add(byte[] key, int content) {
        Element element = new Element(Bytes.of(key), content);
        byKey.put(element.key, element);
        element.previous = last;
        if (last == null) {
            first = element;
        } else {
            last.next = element;
        }
        last = element;
        return element;
    }

    /** Takes out an element that is there. */
    void remove(Element element) {
        byKey.remove(element.key);
        element.present = false;
        if (element.previous == null) {
            first = element.next;
        } else {
            element.previous.next = element.next;
        }
        if (element.next == null) {
            last = element.previous;
        } else {
            element.next.previous = element.previous;
        }
    }

    /** The elements as they are now, in order. */
    List<Element> snapshot() {
        List<Element> elements = new ArrayList<>(size());
        for (Element element = first; element != null; element = element.next) {
            elements.add(element);
        }
        return elements;
    }

    /** The key behind {@code key}, the first one where it is null or not there, or null behind the last. */
    @Nullable
    Bytes nextKey(byte @Nullable [] key) {
        Element element = key == null ? null : find(key);
        Element next = element == null ? first : element.next;
        return next == null ? null : next.key;
    }
}
