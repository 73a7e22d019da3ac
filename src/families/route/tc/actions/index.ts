/** The kinds of action: name in TCA_ACT_KIND -> schema of its options. One more kind is one more file here, one import and one line; both lists are alphabetical. */

/** Options of an action, by its kind. */
export const actions = {
};
