/** The demo: a client that runs many transfers and checks that no money was made or lost. */
@NullMarked
package io.amends.sample.demo;

import org.jspecify.annotations.NullMarked;
