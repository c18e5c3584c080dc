/** Which edition of the rules made a run. Raise it when the same spans would give another verdict. */
export const analysisVersion = 2;
