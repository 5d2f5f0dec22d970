/** The files of an embedded server. */
@NullMarked
package io.amends.test.directory;

import org.jspecify.annotations.NullMarked;
