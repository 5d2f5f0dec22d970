/** What it takes to move a running saga to another version of its definition. */
@NullMarked
package io.amends.runtime.migration;

import org.jspecify.annotations.NullMarked;
