/**
 * The last digit of GTIN, SSCC, GLN, GRAI, GSRN, GDTI and GCN: weights 3 and 1 from the right, up to the next ten.
 *
 * Source: GS1 General Specifications, section 7.9 (standard check digit calculation); used by GS1 EPC Tag Data
 * Standard 1.13, section 7, for the keys that EPC URIs write without it.
 */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight += 1) {
    sum += Number(digits.charAt(digits.length - 1 - fromRight)) * (fromRight % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
}
