/**
 * Acceptance tests of the whole product, as its users meet it: the packed jar in JVMs of their own,
 * the documents, the launcher. Compiled and run by the pipelines module, after packaging.
 */
package dev.fovea.acceptance;
