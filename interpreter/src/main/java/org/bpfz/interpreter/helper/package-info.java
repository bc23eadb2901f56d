/**
 * The engines' helpers on flat memory: one method a helper, one class a family, and {@link org.bpfz.interpreter.helper.Bindings} as the table.
 *
 * <p>A helper that is missing there is a clear fault when it is called (org.bpfz.spec.engine.Fault.Unsupported), never a wrong result.
 */
@NullMarked
package org.bpfz.interpreter.helper;

import org.jspecify.annotations.NullMarked;
