/**
 * The engines' maps: values and keys in flat memory, indices over them in arrays of numbers.
 *
 * <p>The same answers and the same addresses as the specification's maps, and no code of theirs; only the rules of creation
 * (org.bpfz.spec.map.MapRules) and the layout (org.bpfz.spec.memory.MapArea) are common to all engines.
 */
@NullMarked
package org.bpfz.interpreter.map;

import org.jspecify.annotations.NullMarked;
