/** What is counted and measured. */
@NullMarked
package io.amends.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
