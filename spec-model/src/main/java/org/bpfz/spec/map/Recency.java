package org.bpfz.spec.map;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.bpfz.spec.map.ElementTable.Element;

/** The elements of an LRU hash in the order of their last use. */
final class Recency {
    private final SequencedSet<Element> byUse = new LinkedHashSet<>();

    /** Makes the element the most recently used one. */
    void use(Element element) {
        byUse.addLast(element);
    }

    /** Takes an element out. */
    void forget(Element element) {
        byUse.remove(element);
    }

    /** The element whose last use is longest ago; there is one. */
    Element leastRecent() {
        return byUse.getFirst();
    }
}
