/** Java classes that are written for objects, so that a compiler knows their maps, programs and global variables. */
@NullMarked
package org.bpfz.loader.gen;

import org.jspecify.annotations.NullMarked;
