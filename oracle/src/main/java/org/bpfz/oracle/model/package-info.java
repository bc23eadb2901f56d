/**
 * The modelled kernel with real programs behind its hooks: where the kernel's relation, a loader's objects and an engine meet.
 */
@NullMarked
package org.bpfz.oracle.model;

import org.jspecify.annotations.NullMarked;
