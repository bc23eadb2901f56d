/** Folders of objects, loaded one after the other: which of them the model takes, which it runs, and whether that is what is expected. */
@NullMarked
package org.bpfz.oracle.objects;

import org.jspecify.annotations.NullMarked;
