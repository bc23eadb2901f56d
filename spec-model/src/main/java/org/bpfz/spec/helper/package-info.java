/**
 * What each helper does, on the specification's memory and maps: one method a helper, one class a family, each naming the kernel's file.
 *
 * <p>{@link org.bpfz.spec.helper.Implementations} is the table of all of them by name. To add a helper is to write its method and its row
 * there; number and prototype stand in {@link org.bpfz.spec.program.Helpers} already.
 */
@NullMarked
package org.bpfz.spec.helper;

import org.jspecify.annotations.NullMarked;
